// The SyncSessionToken that a push shows: it proves that the client has listed the records of this dataset not long ago
// (docs/reference/identity-pools-sts-iam-sync.md 20.2). Nothing of it is stored.
import type { Sealer } from '../../crypto/seal.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'

/** What a token belongs to. */
export interface TokenScope {
  poolId: string
  identityId: string
  datasetName: string
}

const PURPOSE = 'sync session'

const bound = (expires: number, { poolId, identityId, datasetName }: TokenScope): string =>
  JSON.stringify([expires, poolId, identityId, datasetName])

/** A new token: the time of its end and a MAC over that and the scope. */
export function newSessionToken(sealer: Sealer, scope: TokenScope, now: number): string {
  const expires = now + limits.sessionToken.max
  return `${expires.toString(36)}.${sealer.mac(PURPOSE, bound(expires, scope)).toString('base64url')}`
}

/** What a token is worth: `valid`, `expired` (once valid for the same dataset), or `foreign` for everything else. */
export function judgeSessionToken(
  sealer: Sealer,
  scope: TokenScope,
  token: string,
  now: number,
): 'valid' | 'expired' | 'foreign' {
  const [, time = '', mac = ''] = /^([0-9a-z]{1,10})\.([\w-]{43})$/.exec(token) ?? []
  const expires = Number.parseInt(time, 36)
  if (mac === '' || !sealer.macMatches(PURPOSE, bound(expires, scope), Buffer.from(mac, 'base64url'))) return 'foreign'
  return isAlive(expires, limits.sessionToken.max, now) ? 'valid' : 'expired'
}

/** The refusal of a token (docs/reference/identity-pools-sts-iam-sync.md 19.4). */
export const tokenRefusal = (): Refusal => invalid('SyncSessionToken not valid for these inputs')
