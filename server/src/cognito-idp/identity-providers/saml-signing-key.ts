// The key that a pool signs its SAML requests with, and the certificate that identity providers verify them by
// (docs/reference/oauth-and-federation.md 22.1): one for each pool, for all its providers, and the same for its life, since
// administrators of providers copy it. The certificate is valid for ten years and made anew each year.
import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { Context } from '../../context.ts'
import { selfSignedCertificate } from '../../signing/certificate.ts'
import { findSamlKey, insertSamlKey, renewCertificate, type SamlKeyRow } from './saml-key-store.ts'

const PURPOSE = 'saml-signing-key'
const YEARS = 10
const RENEWED_AFTER_MS = 365 * 24 * 60 * 60 * 1000

type Parts = Pick<Context, 'database' | 'db' | 'sealer' | 'clock' | 'random' | 'makeRsaKeyPair'>

export interface SamlSigningKey {
  readonly privateKey: KeyObject
  /** DER in base64. */
  readonly certificate: string
}

/** The key of a pool, made when it is first asked for. */
export async function samlSigningKey(context: Parts, userPoolId: string): Promise<SamlSigningKey> {
  const row = (await findSamlKey(context.db, userPoolId)) ?? (await makeKey(context, userPoolId))
  const der = context.sealer.open(PURPOSE, row.private_sealed, userPoolId)
  if (!der) throw new Error(`The SAML signing key of ${userPoolId} does not open with this master key.`)
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  if (Math.abs(context.clock.now() - row.certified_at) < RENEWED_AFTER_MS)
    return { privateKey, certificate: row.certificate }
  const renewed = await certified(context, userPoolId, privateKey)
  await renewCertificate(context.db, row, renewed)
  return { privateKey, certificate: renewed.certificate }
}

async function makeKey(context: Parts, userPoolId: string): Promise<SamlKeyRow> {
  const { privateKey } = await context.makeRsaKeyPair()
  const row = {
    user_pool_id: userPoolId,
    private_sealed: context.sealer.seal(PURPOSE, privateKey.export({ type: 'pkcs8', format: 'der' }), userPoolId),
    ...(await certified(context, userPoolId, privateKey)),
  }
  // The key must be durable before anybody copies its certificate.
  const made = await insertSamlKey(context.db, row)
  await context.database.durable()
  return made ? row : ((await findSamlKey(context.db, userPoolId)) as SamlKeyRow)
}

const certified = async (
  context: Parts,
  userPoolId: string,
  key: KeyObject,
): Promise<Pick<SamlKeyRow, 'certificate' | 'certified_at'>> => ({
  certificate: await selfSignedCertificate(context, key, { commonName: userPoolId, years: YEARS }),
  certified_at: context.clock.now(),
})
