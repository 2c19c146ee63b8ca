// When access keys, roles and, where unused ones are removed, identities of guests were used last. Signed requests note it in memory; once a minute and at the end it is
// written to the database (background.ts, server.ts). A crash loses at most the last minute.
import type { Database } from '../database/database.ts'
import type { Clock } from '../effects/effects.ts'
import { deleteLastUsed, findLastUsed, type Use, writeLastUsed } from './last-used-store.ts'

export interface LastUsed {
  /** `name` is an access key id, the unique id of a role, or the id of a guest's identity. */
  note(name: string, use: Pick<Use, 'service' | 'region'>): void
  /** The last use that is stored or noted in this process; undefined when there is none. */
  find(name: string): Promise<Use | undefined>
  /** Call after a key or role was deleted, so that its uses are not written any more. */
  forget(name: string): void
  /** Writes what was noted since the last call. */
  flush(): Promise<void>
}

export function createLastUsed({ db }: Pick<Database, 'db'>, clock: Clock): LastUsed {
  const noted = new Map<string, Use>()
  return {
    note: (name, { service, region }) => void noted.set(name, { usedAt: clock.now(), service, region }),
    async find(name) {
      const notedUse = noted.get(name)
      const written = await findLastUsed(db, name)
      return notedUse && notedUse.usedAt >= (written?.usedAt ?? 0) ? notedUse : written
    },
    forget: (name) => void noted.delete(name),
    async flush() {
      for (const [name, use] of [...noted]) {
        if (!noted.has(name)) continue
        await writeLastUsed(db, name, use)
        // Forgotten while it was being written: the row must not stay.
        if (!noted.has(name)) await deleteLastUsed(db, name)
        // A use that was noted meanwhile is written by the next call.
        if (noted.get(name) === use) noted.delete(name)
      }
    },
  }
}

/** Notes the use of a role by any of its sessions, or of an access key of the root or a user. */
export function noteUse(
  { lastUsed }: { lastUsed: Pick<LastUsed, 'note'> },
  principal: { role?: { id: string }; session?: unknown },
  accessKeyId: string,
  scope: Pick<Use, 'service' | 'region'>,
): void {
  if (principal.role) lastUsed.note(principal.role.id, scope)
  else if (!principal.session) lastUsed.note(accessKeyId, scope)
}
