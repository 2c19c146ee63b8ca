// When access keys and roles were used last: noted in memory by every signed request, without a wait, and written down
// once a minute and at the end (background.ts, server.ts). What a crash takes is the last minute of it.
import type { Database } from '../database/database.ts'
import type { Clock } from '../effects/effects.ts'
import { deleteLastUsed, findLastUsed, type Use, writeLastUsed } from './last-used-store.ts'

export interface LastUsed {
  /** `name` is an access key id, or the unique id of a role. */
  note(name: string, use: Pick<Use, 'service' | 'region'>): void
  /** The last use that this process knows of; undefined for never. */
  find(name: string): Promise<Use | undefined>
  /** To be called when a key or role is gone, so that nothing of it is written any more. */
  forget(name: string): void
  /** Writes down what was noted since the last time. */
  flush(): Promise<void>
}

export function createLastUsed({ db }: Pick<Database, 'db'>, clock: Clock): LastUsed {
  const noted = new Map<string, Use>()
  return {
    note: (name, { service, region }) => void noted.set(name, { usedAt: clock.now(), service, region }),
    async find(name) {
      const fresh = noted.get(name)
      const written = await findLastUsed(db, name)
      return fresh && fresh.usedAt >= (written?.usedAt ?? 0) ? fresh : written
    },
    forget: (name) => void noted.delete(name),
    async flush() {
      for (const [name, use] of [...noted]) {
        if (!noted.has(name)) continue
        await writeLastUsed(db, name, use)
        // Forgotten while it was written: then the row must not stay.
        if (!noted.has(name)) await deleteLastUsed(db, name)
        // A later use waits for the next time.
        if (noted.get(name) === use) noted.delete(name)
      }
    },
  }
}

/** Notes a signed request: of the root's and users' own keys, and of roles by any of their sessions. */
export function noteUse(
  { lastUsed }: { lastUsed: Pick<LastUsed, 'note'> },
  principal: { role?: { id: string }; session?: unknown },
  accessKeyId: string,
  scope: Pick<Use, 'service' | 'region'>,
): void {
  if (principal.role) lastUsed.note(principal.role.id, scope)
  else if (!principal.session) lastUsed.note(accessKeyId, scope)
}
