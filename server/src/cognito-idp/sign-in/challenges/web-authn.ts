// WEB_AUTHN: the user's authenticator signs a challenge with a passkey (docs/reference/user-pools.md 9.6, 11). The challenge
// is sealed into the session, which is spent with the use of the passkey. A refused answer leaves the session good. The
// steps for a name that belongs to nobody, and for a passkey that the user does not have, are the same
// (docs/reference/threats.md 1, 2).
import type { Context } from '../../../context.ts'
import { sha256Text } from '../../../crypto/digest.ts'
import { Stale, withRetries } from '../../../database/compare-and-set.ts'
import { ApiError } from '../../../errors.ts'
import { clientDataFrom, credentialFrom, isAskedByPage, parsed } from '../../passkeys/credential-rules.ts'
import { decoyPasskey, decoyPublicKey } from '../../passkeys/decoy-passkey.ts'
import { findPasskey, passkeysOfUser, recordUse } from '../../passkeys/passkey-store.ts'
import { descriptorOf } from '../../passkeys/passkey-type.ts'
import { type RelyingParty, relyingPartyOf } from '../../passkeys/relying-party-rules.ts'
import { useRefusal, verifiedUser } from '../../passkeys/use-rules.ts'
import { verifyAssertion } from '../../passkeys/verify-credential.ts'
import type { UserPool } from '../../user-pools/pool-store.ts'
import { passkeyIsBoth } from '../factor-rules.ts'
import { SignInRefused } from '../refused.ts'
import { openSession, sessionMs, signerOfSession, spendSession } from '../session.ts'
import { type Challenge, requireParameter, type Step, withProof } from '../sign-in.ts'
import { codeRefusal, signInRefusal } from '../user-state-rules.ts'

const CHALLENGE_BYTES = 32

function requireRelyingParty(context: Context, pool: UserPool): RelyingParty {
  const relyingParty = relyingPartyOf(pool.settings, context.publicUrl)
  if (!relyingParty)
    throw new ApiError(
      'InvalidUserPoolConfigurationException',
      'The user pool has no relying party: set WebAuthnConfiguration.RelyingPartyId to a domain.',
    )
  return relyingParty
}

/** PublicKeyCredentialRequestOptionsJSON (WebAuthn Level 3, 5.5). */
const announce: Challenge['announce'] = async (context, request, { signer }) => {
  const relyingParty = requireRelyingParty(context, request.pool)
  const passkeys = await passkeysOfUser(context.db, request.pool.id, signer.subject)
  const usable = passkeys.filter(({ rpId }) => rpId === relyingParty.id)
  const allowed = signer.user ? usable : [decoyPasskey(context, signer.subject)]
  const challenge = context.random.bytes(CHALLENGE_BYTES).toString('base64url')
  const options = {
    challenge,
    timeout: sessionMs(request),
    rpId: relyingParty.id,
    allowCredentials: allowed.map(descriptorOf),
    userVerification: relyingParty.userVerification,
  }
  return { parameters: { CREDENTIAL_REQUEST_OPTIONS: JSON.stringify(options) }, pending: { challenge } }
}

const answer: Step = async (context, request) => {
  const { pool } = request
  const credential = credentialFrom(parsed(requireParameter(request, 'CREDENTIAL')), ['authenticatorData', 'signature'])
  const data = credential && clientDataFrom(credential.clientDataJSON)
  if (!credential || !data) throw new ApiError('InvalidParameterException', 'Invalid CREDENTIAL')
  const session = openSession(context, request, 'WEB_AUTHN')
  const signer = await signerOfSession(context, request, session)
  const relyingParty = requireRelyingParty(context, pool)
  const refuse = (reason: 'wrong-passkey' | 'cloned-passkey') => new SignInRefused(reason, signer.user)
  const asked =
    data.type === 'webauthn.get' &&
    data.challenge === session.state.pending?.challenge &&
    isAskedByPage(data, relyingParty, context.config.production)
  if (!asked) throw refuse('wrong-passkey')
  const key = sha256Text(credential.id)
  // Anew when another sign-in with the passkey was first: the counter is then judged by that one's.
  const proof = await withRetries(async () => {
    const found = await findPasskey(context.db, pool.id, signer.subject, key)
    const passkey = found?.rpId === relyingParty.id ? found : undefined
    const { id } = credential
    const seen = await verifyAssertion(credential, data, relyingParty, passkey ?? { id, publicKey: decoyPublicKey })
    if (!seen || !passkey || !signer.user) throw refuse('wrong-passkey')
    const refusal = useRefusal(passkey, seen, credential.response.userHandle)
    if (refusal) throw refuse(refusal === 'cloned' ? 'cloned-passkey' : 'wrong-passkey')
    // The proof is given; the user's state is told to nobody else.
    const state = codeRefusal(signer.user) ?? signInRefusal(pool.settings, signer.user, context.clock.now())
    if (state) throw new SignInRefused(state, signer.user.sub)
    const use = { counter: seen.counter, backedUp: seen.backedUp, lastUsedAt: context.clock.now() }
    await context.database.transaction(async (db) => {
      await spendSession(db, pool.id, session)
      if (!(await recordUse(db, passkey, use))) throw new Stale()
    })
    const isBoth = passkeyIsBoth(pool.settings, signer.user) && verifiedUser(passkey, seen)
    return { name: isBoth ? 'verified-passkey' : 'passkey', roaming: passkey.attachment === 'cross-platform' } as const
  })
  const state = withProof(session.state, proof.name)
  return { kind: 'progress', signer, state: proof.roaming ? { ...state, roaming: true } : state }
}

export const webAuthn: Challenge = { announce, answer }
