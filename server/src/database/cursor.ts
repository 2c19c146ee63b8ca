// Page cursors: where the next page starts, sealed so that a client can neither read nor forge them.
import type { Sealer } from '../crypto/seal.ts'
import { limits } from './limits.ts'

/** What a cursor belongs to. A cursor of one request opens in no other. */
export interface CursorScope {
  operation: string
  /** Everything else that must stay the same between pages: pool, group, filter. */
  request: readonly (string | undefined)[]
}

const bound = (scope: CursorScope): string =>
  JSON.stringify([scope.operation, ...scope.request.map((part) => part ?? null)])

/** A cursor that says "after `position`", valid for one hour (docs/reference/user-pools.md 1.4). */
export function sealCursor(sealer: Sealer, scope: CursorScope, position: readonly string[], now: number): string {
  return sealer.sealJson('cursor', { position, expires: now + limits.pageToken.max }, bound(scope))
}

/** The position in a cursor; undefined when it is damaged, expired or made for another request. */
export function openCursor(sealer: Sealer, scope: CursorScope, cursor: string, now: number): string[] | undefined {
  const opened = sealer.openJson('cursor', cursor, bound(scope)) as { position: string[]; expires: number } | undefined
  return opened && opened.expires > now ? opened.position : undefined
}
