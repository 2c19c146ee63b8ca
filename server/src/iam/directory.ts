// The cache of IAM: roles, users, policies and access keys, which every signed request needs. They are kept in memory
// so that an authorization decision costs no round trip.
import type { Sealer } from '../crypto/seal.ts'
import { createCache } from '../database/cache.ts'
import type { Database } from '../database/database.ts'
import type { Clock } from '../effects/effects.ts'
import { findAccessKey, findEntity } from './entity-store.ts'
import { type AccessKey, type Entity, type EntityKind, entityKey } from './entity-types.ts'

export interface IamDirectory {
  /** An entity by its name (an OIDC provider by host and path). */
  entity<Kind extends EntityKind>(kind: Kind, name: string): Promise<Entity<Kind> | undefined>
  /** An entity by its key (entityKey). */
  byKey<Kind extends EntityKind>(kind: Kind, key: string): Promise<Entity<Kind> | undefined>
  accessKey(accessKeyId: string): Promise<AccessKey | undefined>
  /** Call after every write, with the key of the entity or the access key id. */
  forget(key: string): void
}

const ACCESS_KEY_ID = /^AKIA[A-Z2-7]{12,28}$/
/** Characters. The longest names are URLs of OIDC providers. */
const MAX_NAME = 255

export function createIamDirectory(database: Database, sealer: Sealer, clock: Clock): IamDirectory {
  const entities = createCache<Entity>(
    async (key) => findEntity(database.db, key.slice(0, key.indexOf('/')) as EntityKind, key),
    clock,
    database,
  )
  const keys = createCache((id) => findAccessKey(database.db, sealer, id), clock, database)
  const byKey: IamDirectory['byKey'] = async <Kind extends EntityKind>(_kind: Kind, key: string) =>
    (await entities.get(key)) as Entity<Kind> | undefined
  return {
    entity: async (kind, name) => (name.length > MAX_NAME ? undefined : byKey(kind, entityKey(kind, name))),
    byKey,
    accessKey: async (id) => (ACCESS_KEY_ID.test(id) ? keys.get(id) : undefined),
    forget: (key) => {
      entities.forget(key)
      keys.forget(key)
    },
  }
}
