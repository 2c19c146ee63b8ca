// Page tokens: the position where the next page starts, sealed so that a client can neither read nor forge it.
import type { Sealer } from '../crypto/seal.ts'
import { isAlive } from '../effects/time-rules.ts'
import { limits } from './limits.ts'

/** The request that a page token belongs to. A page token does not open in a request with another scope. */
export interface CursorScope {
  operation: string
  /** Everything else that must stay the same between pages: pool, group, filter. */
  request: readonly (string | undefined)[]
}

const bound = (scope: CursorScope): string =>
  JSON.stringify([scope.operation, ...scope.request.map((part) => part ?? null)])

/** The page token for the page after `position`, valid for one hour (docs/reference/user-pools.md 1.4). */
export function sealCursor(sealer: Sealer, scope: CursorScope, position: readonly string[], now: number): string {
  return sealer.sealJson('cursor', { position, expires: now + limits.pageToken.max }, bound(scope))
}

/** The position in a page token; undefined when it is damaged, expired or of another request. */
export function openCursor(sealer: Sealer, scope: CursorScope, cursor: string, now: number): string[] | undefined {
  const opened = sealer.openJson('cursor', cursor, bound(scope)) as { position: string[]; expires: number } | undefined
  return opened && isAlive(opened.expires, limits.pageToken.max, now) ? opened.position : undefined
}
