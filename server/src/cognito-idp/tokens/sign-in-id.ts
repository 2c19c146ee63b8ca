// The id of a sign-in (claim event_id): a UUID that commits to the user's token generation.
//
// Signing a user out everywhere must end tokens that are not stored anywhere. Each user has a token generation, which
// such a sign-out raises. An id is 8 random bytes and 8 bytes of a MAC over them, the user and the generation, so that
// whether a token belongs to the present generation is computed, without a row for each sign-in. No clock is needed,
// and the token has no claim that Cognito's lacks. (The id can be trusted as the token's signature is verified before.)
import { uuidText } from '../../crypto/random-ids.ts'
import type { Sealer } from '../../crypto/seal.ts'
import type { Random } from '../../effects/effects.ts'

interface Owner {
  userPoolId: string
  sub: string
  tokenGeneration: number
}

/** A new sign-in id of `owner` in its present token generation. */
export function newSignInId(sealer: Sealer, random: Random, owner: Owner): string {
  const nonce = versioned(random.bytes(8))
  return uuidOf(nonce, sealer.mac(PURPOSE, committed(nonce, owner)))
}

/** True when `id` was made for `owner` in its present token generation, under this master key or a previous one. */
export function belongsToGeneration(sealer: Sealer, id: string, owner: Owner): boolean {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  if (bytes.length !== 16) return false
  const nonce = versioned(bytes.subarray(0, 8))
  return sealer.macs(PURPOSE, committed(nonce, owner)).some((mac) => uuidOf(nonce, mac) === id)
}

const PURPOSE = 'sign-in-id'

const committed = (nonce: Buffer, { userPoolId, sub, tokenGeneration }: Owner): string =>
  JSON.stringify([nonce.toString('hex'), userPoolId, sub, tokenGeneration])

// The fixed bits of a version 4 UUID lie in the random half (byte 6) and in the MAC's half (byte 8).
function versioned(random: Uint8Array): Buffer {
  const nonce = Buffer.from(random)
  nonce[6] = ((nonce[6] as number) & 0x0f) | 0x40
  return nonce
}

function uuidOf(nonce: Buffer, mac: Buffer): string {
  const bytes = Buffer.concat([nonce, mac.subarray(0, 8)])
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return uuidText(bytes)
}
