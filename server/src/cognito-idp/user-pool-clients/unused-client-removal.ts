// Deletes app clients that registered themselves and by which nobody has got a token for some days (REGISTERED_CLIENT_DAYS; off
// unless set): where anybody may register, most are tried once. A round once an hour, in one process.
import type { Context } from '../../context.ts'
import { clientDeleted } from '../../events.ts'
import type { Queue } from '../../jobs/queue.ts'
import { removeClient } from './client-removal.ts'
import { deleteRegisteredClient, findUnusedClients } from './registered-client-store.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS
const AT_ONCE = 200

type Parts = Pick<Context, 'database' | 'clock' | 'userPools' | 'log' | 'metrics'> & {
  config: Pick<Context['config'], 'registeredClientDays'>
}

export const unusedClientRemovals = (context: Parts): Queue => ({
  name: 'unused-client-removal',
  slots: 1,
  standing: 'unused-client-removal',
  async run(_job, lease) {
    const { clock, config } = context
    const { registeredClientDays: days } = config
    if (days > 0) await removeUnused(context, clock.now() - days * DAY_MS, lease.stopping)
    return lease.repeat(lease.stopping.aborted ? clock.now() : clock.now() + HOUR_MS)
  },
})

async function removeUnused(context: Parts, before: number, stopping: AbortSignal): Promise<void> {
  const { database, userPools } = context
  for (;;) {
    const unused = await findUnusedClients(database.db, before, AT_ONCE)
    for (const { clientId, userPoolId, usedAt } of unused) {
      if (stopping.aborted) return
      const removed = await database.transaction(async (db) => {
        // One that was used since stays.
        if (!(await deleteRegisteredClient(db, clientId, usedAt))) return false
        return removeClient(db, userPoolId, clientId)
      })
      userPools.forget(clientId)
      if (removed) clientDeleted(context, { pool: userPoolId, client: clientId, by: 'age' })
    }
    if (unused.length < AT_ONCE) return
  }
}
