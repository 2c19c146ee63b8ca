// Reads and changes a stored client, for operations that change or show it. Other operations read the cache
// (user-pool-cache.ts), which may be a second old on a shared database.
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import { ApiError } from '../../errors.ts'
import {
  findClient,
  lockClient,
  replaceClient,
  type UserPoolClient,
  type UserPoolClientSettings,
} from './client-store.ts'

const noSuchClientError = (clientId: string): ApiError =>
  new ApiError('ResourceNotFoundException', `User pool client ${clientId} does not exist.`)

/** The pool's client with this id, read from the database. Throws ResourceNotFoundException. */
export async function readClient(
  context: Pick<Context, 'db' | 'sealer'>,
  userPoolId: string,
  clientId: string,
): Promise<UserPoolClient> {
  const client = await findClient(context.db, context.sealer, clientId)
  if (client?.userPoolId !== userPoolId) throw noSuchClientError(clientId)
  return client
}

/**
 * For a transaction that adds rows of a client: it is not deleted before they are there, and the deletion finds them. Throws
 * ResourceNotFoundException when it is gone.
 */
export async function holdClient(
  db: Db,
  { clientId, userPoolId }: Pick<UserPoolClient, 'clientId' | 'userPoolId'>,
): Promise<void> {
  if (!(await lockClient(db, userPoolId, clientId))) throw noSuchClientError(clientId)
}

const ATTEMPTS = 50

/** Changes a client's secrets by compare-and-set; runs `decide` again after a conflict. */
export const changeClientSecrets = (
  context: ChangeContext,
  ids: ClientIds,
  decide: (client: UserPoolClient) => UserPoolClient['secrets'],
): Promise<void> => changeClient(context, ids, (client) => ({ secrets: decide(client) }))

/** The same of its settings, for changes of one member that concurrent ones leave alone. */
export const changeClientSettings = (
  context: ChangeContext,
  ids: ClientIds,
  decide: (settings: UserPoolClientSettings) => UserPoolClientSettings,
): Promise<void> => changeClient(context, ids, ({ settings }) => ({ settings: decide(settings) }))

type ChangeContext = Pick<Context, 'db' | 'sealer' | 'clock' | 'userPools'>
type ClientIds = { UserPoolId: string; ClientId: string }

async function changeClient(
  context: ChangeContext,
  { UserPoolId, ClientId }: ClientIds,
  decide: (client: UserPoolClient) => Parameters<typeof replaceClient>[3],
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const client = await readClient(context, UserPoolId, ClientId)
    const change = decide(client)
    const written = await replaceClient(context.db, context.sealer, client, change, context.clock.now())
    context.userPools.forget(ClientId)
    if (written) return
  }
  throw new Error(
    `User pool client ${ClientId} could not be changed: ${ATTEMPTS} conflicts with other requests in a row.`,
  )
}
