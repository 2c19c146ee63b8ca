// Every statement on the tables of identity providers and of their identifiers.
//
// The metadata document of a SAML provider is a column of its own, which lists do not read. An identifier leads to one
// provider of a pool: its row is the uniqueness.
import type { IdentityProviderTypeType } from '../../contract/cognito-idp.types.ts'
import type { Sealer } from '../../crypto/seal.ts'
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import type { Details } from './provider-detail-rules.ts'

/** What was read from an OpenID Connect provider's discovery document. */
export interface Discovered {
  readonly issuer: string
  readonly authorize_url: string
  readonly token_url: string
  readonly jwks_uri: string
  readonly attributes_url?: string
  /** Its answers to authorization requests name it (RFC 9207). */
  readonly sends_iss?: true
}

/** What the column `settings` has. */
export interface ProviderSettings {
  /** ProviderDetails without secrets and MetadataFile. */
  readonly details: Details
  readonly mapping: Readonly<Record<string, string>>
  readonly identifiers: readonly string[]
  readonly acrMapping: Readonly<Record<string, string>> | undefined
  /** Of an OpenID Connect provider whose document could be read. */
  readonly discovered: Discovered | undefined
  /** Of a SAML provider: who its messages are from. */
  readonly entityId?: string
  /** Attributes by which users have been linked to it, other than the subject (identities/link-attributes.ts). */
  readonly linkAttributes?: readonly string[]
  /** When the discovery document or the metadata were read; epoch milliseconds. */
  readonly readAt: number | undefined
}

/** What lists, and pages that offer a choice of providers, show. */
export interface ProviderSummary extends ProviderSettings {
  readonly name: string
  readonly type: IdentityProviderTypeType
  readonly createdAt: number
  readonly updatedAt: number
}

export interface IdentityProvider extends ProviderSummary {
  readonly userPoolId: string
  /** The secret details, and `encryption_key`: the private key for encrypted SAML responses, PKCS #8 in base64. */
  readonly secrets: Details
  /** Metadata of a SAML provider as they were given or read; empty for other types. */
  readonly document: string
  readonly version: number
}

const PURPOSE = 'identity-provider'

type Row = Schema['identity_providers']

const summaryFromRow = (
  row: Pick<Row, 'provider_name' | 'provider_type' | 'settings' | 'created_at' | 'updated_at'>,
): ProviderSummary => ({
  name: row.provider_name,
  type: row.provider_type as IdentityProviderTypeType,
  ...(JSON.parse(row.settings) as ProviderSettings),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

function providerFromRow(sealer: Sealer, row: Row): IdentityProvider {
  const secrets = sealer.openJson(PURPOSE, row.secrets_sealed, aadOf(row.user_pool_id, row.provider_name))
  if (secrets === undefined)
    throw new Error(
      `The secrets of identity provider ${row.provider_name} of ${row.user_pool_id} do not open with this master key.`,
    )
  return {
    ...summaryFromRow(row),
    userPoolId: row.user_pool_id,
    secrets: secrets as Details,
    document: row.document,
    version: row.version,
  }
}

const aadOf = (userPoolId: string, name: string): string => `${userPoolId} ${name}`

const settingsOf = ({
  details,
  mapping,
  identifiers,
  acrMapping,
  discovered,
  entityId,
  linkAttributes,
  readAt,
}: ProviderSettings): ProviderSettings => ({
  details,
  mapping,
  identifiers,
  acrMapping,
  discovered,
  ...(entityId !== undefined && { entityId }),
  ...(linkAttributes && { linkAttributes }),
  readAt,
})

/** A row as it is written; it is sealed, so it is made before the transaction. */
export const providerRow = (sealer: Sealer, provider: IdentityProvider): Row => ({
  provider_name: provider.name,
  user_pool_id: provider.userPoolId,
  provider_type: provider.type,
  settings: JSON.stringify(settingsOf(provider)),
  secrets_sealed: sealer.sealJson(PURPOSE, provider.secrets, aadOf(provider.userPoolId, provider.name)),
  document: provider.document,
  created_at: provider.createdAt,
  updated_at: provider.updatedAt,
  version: provider.version,
})

export async function findProvider(
  db: Db,
  sealer: Sealer,
  userPoolId: string,
  name: string,
): Promise<IdentityProvider | undefined> {
  const row = await db
    .selectFrom('identity_providers')
    .selectAll()
    .where('provider_name', '=', name)
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirst()
  return row && providerFromRow(sealer, row)
}

/** Providers of a pool with a name after `after`, in the order of names; all of them without `limit`. */
export async function listProviders(
  db: Db,
  userPoolId: string,
  after = '',
  limit?: number,
): Promise<ProviderSummary[]> {
  const rows = await db
    .selectFrom('identity_providers')
    .select(['provider_name', 'provider_type', 'settings', 'created_at', 'updated_at'])
    .where('user_pool_id', '=', userPoolId)
    .where('provider_name', '>', after)
    .orderBy('provider_name')
    .$if(limit !== undefined, (query) => query.limit(limit as number))
    .execute()
  return rows.map(summaryFromRow)
}

/** Writes a new provider; false when the pool has one of this name. */
export async function insertProvider(db: Db, row: Row): Promise<boolean> {
  const result = await db
    .insertInto('identity_providers')
    .values(row)
    .onConflict((conflict) => conflict.columns(['provider_name', 'user_pool_id']).doNothing())
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Writes `row` if the provider still has the version of `before`; false when it has not. */
export async function replaceProvider(db: Db, before: IdentityProvider, row: Row): Promise<boolean> {
  const { provider_name, user_pool_id, provider_type, created_at, ...changed } = row
  const result = await db
    .updateTable('identity_providers')
    .set(changed)
    .where('provider_name', '=', provider_name)
    .where('user_pool_id', '=', user_pool_id)
    .where('created_at', '=', before.createdAt)
    .where('version', '=', before.version)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Deletes a provider that still has the version of `provider`; false when it has not. */
export async function deleteProvider(db: Db, provider: IdentityProvider): Promise<boolean> {
  const result = await db
    .deleteFrom('identity_providers')
    .where('provider_name', '=', provider.name)
    .where('user_pool_id', '=', provider.userPoolId)
    .where('created_at', '=', provider.createdAt)
    .where('version', '=', provider.version)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** The name of the provider that has an identifier. */
export async function providerOfIdentifier(
  db: Db,
  userPoolId: string,
  identifier: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('identity_provider_identifiers')
    .select('provider_name')
    .where('identifier', '=', identifier)
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirst()
  return row?.provider_name
}

/** Gives an identifier to a provider; false when another one of the pool has it. */
export async function takeIdentifier(db: Db, userPoolId: string, identifier: string, name: string): Promise<boolean> {
  const result = await db
    .insertInto('identity_provider_identifiers')
    .values({ identifier, user_pool_id: userPoolId, provider_name: name })
    .onConflict((conflict) => conflict.columns(['identifier', 'user_pool_id']).doNothing())
    .executeTakeFirst()
  return affectedRows(result) === 1
}

export async function releaseIdentifier(db: Db, userPoolId: string, identifier: string, name: string): Promise<void> {
  await db
    .deleteFrom('identity_provider_identifiers')
    .where('identifier', '=', identifier)
    .where('user_pool_id', '=', userPoolId)
    .where('provider_name', '=', name)
    .execute()
}
