// Nonces of DPoP proofs (RFC 9449 8): a time that the server has signed. A proof with one was made after that time, whatever the
// clock of its client says, so that none can be made in advance. Nothing is stored.
import type { Context } from '../../context.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { limits } from '../limits.ts'

type Parts = Pick<Context, 'sealer' | 'clock'>

const PURPOSE = 'dpop-nonce'
const LIFETIME_MS = limits.proofSeconds.max * 1000

const signed = (poolId: string, seconds: string): string => JSON.stringify([poolId, seconds])

export function newNonce({ sealer, clock }: Parts, poolId: string): string {
  const seconds = Math.floor(clock.now() / 1000).toString(36)
  return `${seconds}.${sealer.mac(PURPOSE, signed(poolId, seconds)).toString('base64url')}`
}

/** Whether a nonce was given by this server for this pool, not long ago. */
export function isNonce({ sealer, clock }: Parts, poolId: string, nonce: string): boolean {
  const [, seconds = '', mac = ''] = /^([0-9a-z]{1,11})\.([\w-]{43})$/.exec(nonce) ?? []
  if (!sealer.macMatches(PURPOSE, signed(poolId, seconds), Buffer.from(mac, 'base64url'))) return false
  return isAlive(Number.parseInt(seconds, 36) * 1000 + LIFETIME_MS, LIFETIME_MS, clock.now())
}
