// The stored form of a password. Owns the bytes that are sealed into a user's row; sealing is in `seal.ts`, the
// arithmetic in `srp.ts` and `imported-hashes/` (run by the work pool). The first byte is the kind.
import { primeBytes } from './srp-group.ts'

/** A salt (16 random bytes when created here) and v = g^x mod N, which is valid for one pool name and one user id. */
export interface SrpCredential {
  kind: 'srp'
  salt: Uint8Array
  verifier: Uint8Array
}

/** The hash of another system, as an import brought it (imported-hashes/). It knows plain passwords only. */
export interface ImportedHash {
  kind: 'imported-hash'
  text: string
}

export type PasswordCredential = SrpCredential | ImportedHash

export const saltBytes = 16

/**
 * Bytes (UTF-8) of the longest password that the service model allows (PasswordType: 256 code points of at most four
 * bytes). Checked before hashing, because the parameters of a sign-in have no length limit in the model.
 */
const longestPasswordBytes = 256 * 4

/** True when `password` is longer than any stored password can be. */
export const isTooLongPassword = (password: string): boolean => Buffer.byteLength(password) > longestPasswordBytes

const srpKind = 1
const importedHashKind = 2
const verifierBytes = primeBytes.byteLength

/**
 * The credential of a new password. `computeVerifier` is the work pool's `srpVerifier` job (or the plain function in a
 * test); `randomBytes` gives the salt. Throws RangeError for a password over `longestPasswordBytes`.
 */
export async function createSrpCredential(
  identity: { poolName: string; userId: string; password: string },
  randomBytes: (count: number) => Uint8Array,
  computeVerifier: (input: typeof identity & { salt: Uint8Array }) => Uint8Array | Promise<Uint8Array>,
): Promise<SrpCredential> {
  if (isTooLongPassword(identity.password)) throw new RangeError('the password is too long')
  const salt = randomBytes(saltBytes)
  return { kind: 'srp', salt, verifier: await computeVerifier({ ...identity, salt }) }
}

/**
 * Bytes for sealing: kind 1 ‖ salt length 1 ‖ salt ‖ verifier left-padded to 384, so the length tells nothing of v; of an
 * imported hash kind 2 ‖ its text in UTF-8.
 */
export function serializeCredential(credential: PasswordCredential): Buffer {
  if (credential.kind === 'imported-hash')
    return Buffer.concat([Buffer.of(importedHashKind), Buffer.from(credential.text)])
  const { salt, verifier } = credential
  if (salt.byteLength > 255 || verifier.byteLength > verifierBytes) throw new RangeError('not an SRP credential')
  const bytes = Buffer.alloc(2 + salt.byteLength + verifierBytes)
  bytes.set([srpKind, salt.byteLength])
  bytes.set(salt, 2)
  bytes.set(verifier, bytes.byteLength - verifier.byteLength)
  return bytes
}

/** The credential in `bytes`, or undefined for any other bytes. The verifier comes back at its full 384 bytes. */
export function parseCredential(bytes: Uint8Array): PasswordCredential | undefined {
  if (bytes[0] === importedHashKind) return { kind: 'imported-hash', text: Buffer.from(bytes.subarray(1)).toString() }
  const saltLength = bytes[1]
  if (bytes[0] !== srpKind || saltLength === undefined) return undefined
  if (bytes.byteLength !== 2 + saltLength + verifierBytes) return undefined
  const salt = new Uint8Array(bytes.subarray(2, 2 + saltLength))
  return { kind: 'srp', salt, verifier: new Uint8Array(bytes.subarray(2 + saltLength)) }
}
