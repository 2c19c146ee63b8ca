// Every statement on the table of styles of managed login. The primary key is the client, which has one at most.
import type { AssetType } from '../../contract/cognito-idp.types.ts'
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'

/** An image of a style: what it is for, and the id of its bytes (image-store.ts). */
export type StoredAsset = Omit<AssetType, 'Bytes'> & { readonly imageId: string }

/** A part of the settings document (default-settings.ts). */
export type Settings = { readonly [name: string]: unknown }

export interface Branding {
  readonly id: string
  readonly userPoolId: string
  readonly clientId: string
  /** UseCognitoProvidedValues: the default document, without changes or images. */
  readonly provided: boolean
  /** Only the members that were set. */
  readonly settings: Settings
  readonly assets: readonly StoredAsset[]
  readonly createdAt: number
  readonly updatedAt: number
  readonly version: number
}

const brandingFromRow = (row: Schema['login_brandings']): Branding => ({
  id: row.branding_id,
  userPoolId: row.user_pool_id,
  clientId: row.client_id,
  provided: row.provided === 1,
  settings: JSON.parse(row.settings) as Settings,
  assets: JSON.parse(row.assets) as StoredAsset[],
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

const rowOf = (branding: Branding): Schema['login_brandings'] => ({
  client_id: branding.clientId,
  user_pool_id: branding.userPoolId,
  branding_id: branding.id,
  provided: branding.provided ? 1 : 0,
  settings: JSON.stringify(branding.settings),
  assets: JSON.stringify(branding.assets),
  created_at: branding.createdAt,
  updated_at: branding.updatedAt,
  version: branding.version,
})

/** The ids of a style's images. */
export const imagesOf = ({ assets }: Pick<Branding, 'assets'>): string[] => assets.map(({ imageId }) => imageId)

export async function findBranding(db: Db, userPoolId: string, id: string): Promise<Branding | undefined> {
  const row = await db
    .selectFrom('login_brandings')
    .selectAll()
    .where('user_pool_id', '=', userPoolId)
    .where('branding_id', '=', id)
    .executeTakeFirst()
  return row && brandingFromRow(row)
}

export async function findBrandingOfClient(
  db: Db,
  userPoolId: string,
  clientId: string,
): Promise<Branding | undefined> {
  const row = await db
    .selectFrom('login_brandings')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirst()
  return row && brandingFromRow(row)
}

/** Writes a new style; false when the client has one. */
export async function insertBranding(db: Db, branding: Branding): Promise<boolean> {
  const result = await db
    .insertInto('login_brandings')
    .values(rowOf(branding))
    .onConflict((conflict) => conflict.columns(['client_id', 'user_pool_id']).doNothing())
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Writes `after` if the style still has the version of `before`; false when it has not. */
export async function replaceBranding(db: Db, before: Branding, after: Branding): Promise<boolean> {
  const result = await db
    .updateTable('login_brandings')
    .set(rowOf({ ...after, version: before.version + 1 }))
    .where('client_id', '=', before.clientId)
    .where('user_pool_id', '=', before.userPoolId)
    .where('branding_id', '=', before.id)
    .where('version', '=', before.version)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Deletes a style if it still has this version; false when it has not. */
export async function deleteBranding(db: Db, branding: Branding): Promise<boolean> {
  const result = await db
    .deleteFrom('login_brandings')
    .where('client_id', '=', branding.clientId)
    .where('user_pool_id', '=', branding.userPoolId)
    .where('branding_id', '=', branding.id)
    .where('version', '=', branding.version)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Deletes a client's style whatever its version, and gives the ids of its images. */
export async function deleteBrandingOfClient(db: Db, userPoolId: string, clientId: string): Promise<string[]> {
  const row = await db
    .deleteFrom('login_brandings')
    .where('client_id', '=', clientId)
    .where('user_pool_id', '=', userPoolId)
    .returningAll()
    .executeTakeFirst()
  return row ? imagesOf(brandingFromRow(row)) : []
}
