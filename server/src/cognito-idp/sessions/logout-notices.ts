// Applications that want to know it are told when the session of a browser ends (OpenID Connect Back-Channel Logout 1.0): a job
// for each, queued in the transaction that ends the session. What a job does is oauth/backchannel/.
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import { insertJob } from '../../jobs/job-store.ts'
import { mayHaveBackchannelLogout } from '../tags/cognomen-tag-rules.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { deleteSessionApp, type SessionApp, sessionAppsOf } from './session-app-store.ts'

/** The queue of these jobs. */
export const LOGOUT_NOTICES = 'logout-notices'

/** What a job says, as JSON. */
export type LogoutNotice = Pick<SessionApp, 'userPoolId' | 'clientId' | 'sub'> & { readonly sid: string }

/** Whose sessions end: all of the user's, or those that `ends` says. */
export interface Ending {
  readonly pool: UserPool
  readonly sub: string
  readonly ends?: (app: SessionApp) => boolean
  /** The user goes as well, with all jobs of the user's own. */
  readonly withUser?: true
}

/**
 * The statements that queue the notices; undefined in a pool where no application wants any. Run them in the transaction that
 * ends the sessions.
 */
export function logoutNotices(
  { clock }: Pick<Context, 'clock'>,
  { pool, sub, ends = () => true, withUser }: Ending,
): ((db: Db) => Promise<void>) | undefined {
  if (!mayHaveBackchannelLogout(pool.settings)) return undefined
  const now = clock.now()
  return async (db) => {
    for (const app of (await sessionAppsOf(db, pool.id, sub)).filter(ends)) {
      // Whoever deletes the row tells the application, once.
      if (!(await deleteSessionApp(db, app)) || app.expiresAt <= now) continue
      const notice: LogoutNotice = { userPoolId: pool.id, clientId: app.clientId, sub, sid: app.sessionId }
      await insertJob(db, {
        owner: withUser ? `${sub} ${LOGOUT_NOTICES}` : sub,
        // One that waits for the same session says the same.
        id: `${app.sessionId} ${app.clientId}`,
        queue: LOGOUT_NOTICES,
        payload: JSON.stringify(notice),
        created_at: now,
        due_at: now,
      })
    }
  }
}
