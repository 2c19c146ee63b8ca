// Tells the log which settings of user pools and app clients nothing carries out yet (unserved-rules.ts): once in the life
// of a process for each pool or client, and again when the list has changed.
import type { Logger } from 'pino'
import type { Sinks } from '../../sinks/sinks.ts'
import { limits } from '../limits.ts'
import type { UserPoolClient } from '../user-pool-clients/client-store.ts'
import type { UserPool } from './pool-store.ts'
import { unservedOfClient, unservedOfPool } from './unserved-rules.ts'

export interface UnservedNotices {
  notePool(pool: Pick<UserPool, 'id' | 'settings'>): void
  noteClient(client: Pick<UserPoolClient, 'clientId' | 'userPoolId' | 'settings'>): void
}

export function createUnservedNotices(log: Pick<Logger, 'warn'>, { knows }: Pick<Sinks, 'knows'>): UnservedNotices {
  /** By id of the pool or client, the list as it was told. */
  const told = new Map<string, string>()
  const note = (id: string, whose: object, settings: readonly string[]): void => {
    const list = settings.join()
    if (list === (told.get(id) ?? '')) return
    if (told.size >= limits.noticesKept.max) told.clear()
    told.set(id, list)
    if (list !== '') log.warn({ ...whose, settings }, 'settings are stored and not in effect yet')
  }
  return {
    notePool: ({ id, settings }) => note(id, { pool: id }, unservedOfPool(settings, knows)),
    noteClient: ({ clientId, userPoolId, settings }) =>
      note(clientId, { pool: userPoolId, client: clientId }, unservedOfClient(settings, knows)),
  }
}
