// Every statement on the table of app clients.
import type { ClientSSOSessionConfigType, UserPoolClientType } from '../../contract/cognito-idp.types.ts'
import type { Sealer } from '../../crypto/seal.ts'
import type { Db } from '../../database/database.ts'
import { affectedRows } from '../../database/database.ts'
import type { StoredRiskConfiguration } from '../threats/protection-rules.ts'

/** UserPoolClientType without the members that have columns of their own, in AWS's own spelling. */
export type UserPoolClientSettings = Omit<
  UserPoolClientType,
  'UserPoolId' | 'ClientId' | 'ClientSecret' | 'CreationDate' | 'LastModifiedDate'
> & {
  ClientName: string
  /** SetUserPoolClientSessionConfiguration alone sets it (sessions/session-config-rules.ts). */
  SSOSession?: ClientSSOSessionConfigType
  /** Of an application that registered itself (RFC 7591, OpenID Connect Back-Channel Logout 1.0 section 2.2). */
  BackchannelLogoutUri?: string
  /** SetRiskConfiguration alone sets it; takes the place of the pool's. */
  RiskConfiguration?: StoredRiskConfiguration
}

export interface ClientSecret {
  readonly id: string
  readonly value: string
  /** Epoch milliseconds. */
  readonly createdAt: number
}

export interface UserPoolClient {
  readonly clientId: string
  readonly userPoolId: string
  readonly settings: UserPoolClientSettings
  /** Active secrets, oldest first; empty for a public client. */
  readonly secrets: readonly ClientSecret[]
  readonly createdAt: number
  readonly updatedAt: number
  readonly version: number
}

interface Row {
  client_id: string
  user_pool_id: string
  settings: string
  secrets_sealed: string
  created_at: number
  updated_at: number
  version: number
}

const PURPOSE = 'client-secrets'

function clientFromRow(sealer: Sealer, row: Row): UserPoolClient {
  const secrets = sealer.openJson(PURPOSE, row.secrets_sealed, row.client_id) as ClientSecret[] | undefined
  if (secrets === undefined)
    throw new Error(`The secrets of app client ${row.client_id} do not open with this master key.`)
  return {
    clientId: row.client_id,
    userPoolId: row.user_pool_id,
    settings: JSON.parse(row.settings) as UserPoolClientSettings,
    secrets,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  }
}

export async function findClient(db: Db, sealer: Sealer, clientId: string): Promise<UserPoolClient | undefined> {
  const row = await db.selectFrom('user_pool_clients').selectAll().where('client_id', '=', clientId).executeTakeFirst()
  return row && clientFromRow(sealer, row)
}

export async function insertClient(db: Db, sealer: Sealer, client: UserPoolClient): Promise<void> {
  await db
    .insertInto('user_pool_clients')
    .values({
      client_id: client.clientId,
      user_pool_id: client.userPoolId,
      settings: JSON.stringify(client.settings),
      secrets_sealed: sealer.sealJson(PURPOSE, client.secrets, client.clientId),
      created_at: client.createdAt,
      updated_at: client.updatedAt,
      version: client.version,
    })
    .execute()
}

/**
 * Compare-and-set: writes settings and secrets if the client still has the version of `client`; false when it has not.
 */
export async function replaceClient(
  db: Db,
  sealer: Sealer,
  client: UserPoolClient,
  change: Partial<Pick<UserPoolClient, 'settings' | 'secrets'>>,
  now: number,
): Promise<boolean> {
  const result = await db
    .updateTable('user_pool_clients')
    .set({
      settings: JSON.stringify(change.settings ?? client.settings),
      secrets_sealed: sealer.sealJson(PURPOSE, change.secrets ?? client.secrets, client.clientId),
      updated_at: now,
      version: client.version + 1,
    })
    .where('client_id', '=', client.clientId)
    .where('version', '=', client.version)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Writes a client as it is, which the engine keeps others from deleting until the transaction ends; false when it is gone. */
export async function lockClient(db: Db, userPoolId: string, clientId: string): Promise<boolean> {
  const result = await db
    .updateTable('user_pool_clients')
    .set((row) => ({ version: row.ref('version') }))
    .where('client_id', '=', clientId)
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

export async function deleteClient(db: Db, clientId: string): Promise<boolean> {
  return (
    affectedRows(await db.deleteFrom('user_pool_clients').where('client_id', '=', clientId).executeTakeFirst()) === 1
  )
}

/** Clients of a pool with an id after `after`, in the order of ids. */
export async function listClients(
  db: Db,
  sealer: Sealer,
  userPoolId: string,
  after: string,
  limit: number,
): Promise<UserPoolClient[]> {
  const rows = await db
    .selectFrom('user_pool_clients')
    .selectAll()
    .where('user_pool_id', '=', userPoolId)
    .where('client_id', '>', after)
    .orderBy('client_id')
    .limit(limit)
    .execute()
  return rows.map((row) => clientFromRow(sealer, row))
}

/** The number of a pool's clients; stops counting at `max`. */
export async function countClients(db: Db, userPoolId: string, max: number): Promise<number> {
  const ids = db
    .selectFrom('user_pool_clients')
    .select('client_id')
    .where('user_pool_id', '=', userPoolId)
    .orderBy('client_id')
    .limit(max)
    .as('ids')
  const row = await db
    .selectFrom(ids)
    .select((count) => count.fn.countAll().as('clients'))
    .executeTakeFirstOrThrow()
  return Number(row.clients)
}
