// Adds an app client to a user pool: by CreateUserPoolClient, or by dynamic client registration (oauth/register/).
import type { Context } from '../../context.ts'
import { clientId, clientSecret } from '../../crypto/random-ids.ts'
import { limits } from '../limits.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { checkClientSettings } from './check-client.ts'
import { newClientSecret } from './client-secret-rules.ts'
import { countClients, insertClient, type UserPoolClient, type UserPoolClientSettings } from './client-store.ts'
import { knownNames } from './known-names.ts'
import type { KnownNames, OAuthRefusal } from './oauth-client-rules.ts'

interface NewClient {
  readonly poolId: string
  /** What the settings may name is known where they are made. */
  readonly settings: UserPoolClientSettings | ((known: KnownNames) => UserPoolClientSettings)
  /** `generated` makes one; undefined for a public client. */
  readonly secret: string | 'generated' | undefined
  /** How many clients the pool may have with it. */
  readonly maxClients?: number
  readonly fail: (error: OAuthRefusal['refused'] | 'LimitExceededException', message: string) => Error
}

/** Throws what `fail` makes, and ResourceNotFoundException for a pool that does not exist. */
export async function addClient(context: Context, given: NewClient): Promise<UserPoolClient> {
  const { poolId, fail, maxClients = limits.clientsPerPool.max } = given
  const random = (count: number): Uint8Array => context.random.bytes(count)
  const secret = given.secret === 'generated' ? clientSecret(random) : given.secret
  const [pool, clients, known] = await Promise.all([
    readPool(context, poolId),
    countClients(context.db, poolId, maxClients),
    knownNames(context, poolId),
  ])
  const settings = typeof given.settings === 'function' ? given.settings(known) : given.settings
  checkClientSettings({ fail, pool, settings, known, hasSecret: secret !== undefined, doing: 'creating' })
  if (clients >= maxClients)
    throw fail('LimitExceededException', `A user pool can not have more than ${maxClients} app clients.`)
  const now = context.clock.now()
  const id = clientId(random)
  const client: UserPoolClient = {
    clientId: id,
    userPoolId: pool.id,
    settings,
    secrets: secret === undefined ? [] : [newClientSecret(id, secret, now)],
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
  await insertClient(context.db, context.sealer, client)
  context.unservedNotices.noteClient(client)
  return client
}
