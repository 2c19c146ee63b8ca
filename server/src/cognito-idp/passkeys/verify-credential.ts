// Verifies what an authenticator made: a new passkey, or the signature of one. The steps of WebAuthn Level 3, 7.1 and 7.2,
// by @simplewebauthn/server, which is loaded with the first passkey. What a browser said of its page (client data) has been
// judged before (credential-rules.ts). No attestation is asked for, so none is looked at: an attestation may name
// certificates and addresses that nobody here should follow.
import { endOfItem } from './cbor-length.ts'
import type { ClientData, CredentialJson } from './credential-rules.ts'
import type { Passkey } from './passkey-store.ts'
import { algorithms, isUsableKey } from './public-key.ts'
import type { RelyingParty } from './relying-party-rules.ts'

/** What is known of a passkey from its making. */
export type NewCredential = Pick<
  Passkey,
  'id' | 'publicKey' | 'counter' | 'userVerified' | 'backupEligible' | 'backedUp' | 'aaguid'
>

/** What a signature shows. */
export interface Assertion {
  readonly counter: number
  readonly userVerified: boolean
  readonly backupEligible: boolean
  readonly backedUp: boolean
}

/** Why no passkey was made of a credential. */
export type RegistrationProblem = 'malformed' | 'other-relying-party' | 'unsupported'

/** Judges a new credential, whose `response` has `attestationObject`. */
export async function verifyRegistration(
  credential: CredentialJson,
  data: ClientData,
  relyingParty: RelyingParty,
): Promise<NewCredential | RegistrationProblem> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const { convertAAGUIDToString, decodeCredentialPublicKey, isoCBOR, parseAuthenticatorData, toHash } = await import(
    '@simplewebauthn/server/helpers'
  )
  try {
    const attestation = bytesOf(credential.response['attestationObject'])
    if (endOfItem(attestation) !== attestation.length) return 'malformed'
    const authData = authDataOf(isoCBOR.decodeFirst(attestation))
    const { aaguid, credentialID, credentialPublicKey, flags, rpIdHash } = parseAuthenticatorData(authData)
    if (Buffer.compare(rpIdHash, await toHash(relyingParty.id)) !== 0) return 'other-relying-party'
    if (!credentialPublicKey || !credentialID || !aaguid) return 'malformed'
    if (endOfAuthData(authData, credentialID.length, flags.ed) !== authData.length) return 'malformed'
    if (!isUsableKey(decodeCredentialPublicKey(credentialPublicKey) as never)) return 'unsupported'
    const requireUserVerification = relyingParty.userVerification === 'required'
    if (requireUserVerification && !flags.uv) return 'unsupported'
    const attestationObject = isoCBOR.encode(
      new Map<string, string | Uint8Array | Map<string, never>>([
        ['fmt', 'none'],
        ['attStmt', new Map<string, never>()],
        ['authData', authData],
      ]),
    )
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id: credential.id,
        rawId: credential.id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: credential.clientDataJSON, attestationObject: textOf(attestationObject) },
      },
      expectedChallenge: data.challenge,
      expectedOrigin: data.origin,
      expectedRPID: relyingParty.id,
      requireUserVerification,
      supportedAlgorithmIDs: [...algorithms],
    })
    // The credential's own id is in what the authenticator made; the browser's may be anything.
    if (!verified || registrationInfo.credential.id !== credential.id) return 'malformed'
    return {
      id: credential.id,
      publicKey: textOf(registrationInfo.credential.publicKey),
      counter: registrationInfo.credential.counter,
      userVerified: flags.uv,
      backupEligible: flags.be,
      backedUp: flags.bs,
      aaguid: convertAAGUIDToString(aaguid),
    }
  } catch {
    return 'malformed'
  }
}

/**
 * What the signature of an answer shows, whose `response` has `authenticatorData` and `signature`; undefined when it is
 * not that of this passkey, for this relying party.
 */
export async function verifyAssertion(
  credential: CredentialJson,
  data: ClientData,
  relyingParty: RelyingParty,
  passkey: Pick<Passkey, 'id' | 'publicKey'>,
): Promise<Assertion | undefined> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  const { parseAuthenticatorData } = await import('@simplewebauthn/server/helpers')
  const { authenticatorData = '', signature = '' } = credential.response
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: credential.id,
        rawId: credential.id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: credential.clientDataJSON, authenticatorData, signature },
      },
      expectedChallenge: data.challenge,
      expectedOrigin: data.origin,
      expectedRPID: relyingParty.id,
      requireUserVerification: relyingParty.userVerification === 'required',
      // A counter that goes back is judged when the signature is known to be right (use-rules.ts).
      credential: { id: passkey.id, publicKey: bytesOf(passkey.publicKey), counter: -1 },
    })
    if (!verified) return undefined
    const { flags } = parseAuthenticatorData(bytesOf(authenticatorData))
    return {
      counter: authenticationInfo.newCounter,
      userVerified: flags.uv,
      backupEligible: flags.be,
      backedUp: flags.bs,
    }
  } catch {
    return undefined
  }
}

/** Of authenticator data with a credential: the hash, flags, counter, AAGUID and the length of the id come before the id. */
const BEFORE_ID = 32 + 1 + 4 + 16 + 2

/** Where the key of a new credential ends, and what the authenticator says of extensions, if it does. */
function endOfAuthData(authData: Uint8Array, idLength: number, extensions: boolean): number | undefined {
  const end = endOfItem(authData, BEFORE_ID + idLength)
  return extensions && end !== undefined ? endOfItem(authData, end) : end
}

function authDataOf(attestation: unknown): Uint8Array<ArrayBuffer> {
  const authData = attestation instanceof Map ? attestation.get('authData') : undefined
  if (!(authData instanceof Uint8Array)) throw new TypeError('An attestation without authenticator data.')
  return new Uint8Array(authData)
}

const bytesOf = (base64url = ''): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(base64url, 'base64url'))

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
