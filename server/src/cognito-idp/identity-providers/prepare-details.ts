// From the ProviderDetails of a request to what is stored: checked, completed by what the provider publishes, and split
// into what is open and what is sealed.
import type { Context } from '../../context.ts'
import { enforce } from '../../refusal-rules.ts'
import { selfSignedCertificate } from '../../signing/certificate.ts'
import { discover } from './oidc-discovery.ts'
import { type Details, knownDetails, splitDetails } from './provider-detail-rules.ts'
import { detailsRefusal } from './provider-rules.ts'
import type { IdentityProvider } from './provider-store.ts'
import { readMetadata } from './saml-metadata.ts'
import { isUpstreamUrl } from './upstream-url.ts'

export type PreparedDetails = Pick<
  IdentityProvider,
  'details' | 'discovered' | 'entityId' | 'readAt' | 'secrets' | 'document'
>

type Fail = (error: 'InvalidParameterException', message: string) => Error

/**
 * Prepares the details of a new provider, or of one that `before` is. It asks the provider for its discovery document or
 * metadata. Throws InvalidParameterException.
 */
export async function prepareDetails(
  context: Pick<Context, 'web' | 'log' | 'clock' | 'config' | 'random' | 'makeRsaKeyPair'>,
  fail: Fail,
  { userPoolId, type }: Pick<IdentityProvider, 'userPoolId' | 'type'>,
  given: Details,
  before?: IdentityProvider,
): Promise<PreparedDetails> {
  const details = knownDetails(type, given)
  enforce(
    fail,
    detailsRefusal(type, details, (url) => isUpstreamUrl(url, context.config)),
  )
  const { open, secret } = splitDetails(type, details)
  const plain = { details: open, secrets: secret, document: '', discovered: undefined, readAt: undefined }
  if (type === 'OIDC') {
    const discovered = await discover(context, details)
    return discovered ? { ...plain, discovered, readAt: context.clock.now() } : plain
  }
  if (type !== 'SAML') return plain
  const { document, endpoints, entityId } = await readMetadata(context, details)
  const encryption = isTrue(details['EncryptedResponses']) ? await encryptionOf(context, userPoolId, before) : undefined
  const { MetadataFile: _file, ...shown } = open
  return {
    ...plain,
    details: { ...shown, ...endpoints, ...(encryption && { ActiveEncryptionCertificate: encryption.certificate }) },
    secrets: encryption ? { encryption_key: encryption.key } : {},
    document,
    entityId,
    readAt: context.clock.now(),
  }
}

const isTrue = (flag: string | undefined): boolean => flag?.toLowerCase() === 'true'

const YEARS = 10

/** The key that the provider encrypts to: the one that it has, or a new one. */
async function encryptionOf(
  context: Pick<Context, 'clock' | 'random' | 'makeRsaKeyPair'>,
  userPoolId: string,
  before: IdentityProvider | undefined,
): Promise<{ key: string; certificate: string }> {
  const { encryption_key: key } = before?.secrets ?? {}
  const { ActiveEncryptionCertificate: certificate } = before?.details ?? {}
  if (key !== undefined && certificate !== undefined) return { key, certificate }
  const pair = await context.makeRsaKeyPair()
  return {
    key: pair.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    certificate: await selfSignedCertificate(context, pair.privateKey, { commonName: userPoolId, years: YEARS }),
  }
}
