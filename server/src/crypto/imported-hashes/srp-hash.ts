// A password of this software as a text that an import takes: its SRP verifier with what it was computed from
// (docs/import.md). It tells a plain password; the first sign-in replaces it by the verifier of the user's own pool.
import { equalBytes } from '../equal-bytes.ts'
import { computeVerifier, isUsableVerifier } from '../srp.ts'
import { primeBytes } from '../srp-group.ts'

export interface SrpHash {
  /** The part of the pool's id after "_". */
  readonly poolName: string
  /** USER_ID_FOR_SRP. */
  readonly userId: string
  readonly salt: Uint8Array
  readonly verifier: Uint8Array
}

const PART = '[A-Za-z0-9_-]'
const FORM = new RegExp(
  `^\\$cognomen-srp\\$([0-9A-Za-z]{1,32})\\$(${PART}{2,700})\\$(${PART}{2,340})\\$(${PART}{2,512})$`,
)

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64url')

/** `$cognomen-srp$<pool name>$<user id>$<salt>$<verifier>`, the last three in base64url. */
export const srpHashText = ({ poolName, userId, salt, verifier }: SrpHash): string =>
  `$cognomen-srp$${poolName}$${textOf(Buffer.from(userId))}$${textOf(salt)}$${textOf(verifier)}`

/** Whether a password is the one of such a text; undefined for another text. One exponentiation. */
export function readSrpHash(text: string): ((password: string) => boolean) | undefined {
  const [, poolName, userId = '', salt = '', verifier = ''] = FORM.exec(text) ?? []
  if (poolName === undefined) return undefined
  const expected = fullWidth(bytesOf(verifier))
  if (!isUsableVerifier(expected)) return undefined
  const id = bytesOf(userId).toString()
  return (password) => equalBytes(fullWidth(computeVerifier(poolName, id, password, bytesOf(salt))), expected)
}

const fullWidth = (number: Uint8Array): Buffer =>
  Buffer.concat([Buffer.alloc(Math.max(0, primeBytes.byteLength - number.byteLength)), number])
