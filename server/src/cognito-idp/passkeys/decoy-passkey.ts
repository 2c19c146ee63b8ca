// The passkey of a name that belongs to nobody, where the client hides who exists: made up of the name, the same at every
// sign-in and on every process, and never accepted (docs/reference/threats.md 1, 2).
import type { Context } from '../../context.ts'

/** Id lengths and transports as of synced passkeys (16, 20 and 32 bytes are the usual ones). */
const shapes = [
  { bytes: 20, transports: ['hybrid', 'internal'] },
  { bytes: 16, transports: ['hybrid', 'internal'] },
  { bytes: 32, transports: ['internal'] },
] as const

export function decoyPasskey(context: Context, subject: string): { id: string; transports: readonly string[] } {
  const mac = context.sealer.mac('decoy-passkey', subject)
  const { bytes, transports } = shapes[(mac.at(-1) as number) % shapes.length] as (typeof shapes)[number]
  // Not the byte that the shape is chosen by.
  const id = bytes < mac.length ? mac.subarray(0, bytes) : context.sealer.mac('decoy-passkey-id', subject)
  return { id: id.toString('base64url'), transports }
}

/**
 * A COSE_Key to verify with where there is none, so that the answer takes as long: the generator of P-256, whose private
 * key is 1. That it verifies means nothing.
 */
export const decoyPublicKey = Buffer.concat([
  Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
  Buffer.from('6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296', 'hex'),
  Buffer.from([0x22, 0x58, 0x20]),
  Buffer.from('4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5', 'hex'),
]).toString('base64url')
