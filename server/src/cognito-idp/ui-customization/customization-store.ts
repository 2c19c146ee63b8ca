// Every statement on the table of CSS and logos of the classic login pages.
import type { Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'

/** In place of a client: the clients of a pool that have none of their own. */
export const ALL_CLIENTS = 'ALL'

export interface Customization {
  readonly userPoolId: string
  /** A client's id, or ALL_CLIENTS. */
  readonly clientId: string
  /** As it was sent; undefined without. */
  readonly css: string | undefined
  /** What a page gets of it (read-css.ts); empty without. */
  readonly servedCss: string
  /** When it was set: YYYYMMDDhhmmss, UTC. */
  readonly cssVersion: string
  /** The logo (branding/image-store.ts). */
  readonly imageId: string | undefined
  readonly createdAt: number
  readonly updatedAt: number
}

const customizationFromRow = (row: Schema['ui_customizations']): Customization => ({
  userPoolId: row.user_pool_id,
  clientId: row.client_id,
  css: row.css ?? undefined,
  servedCss: row.served_css,
  cssVersion: row.css_version,
  imageId: row.image_id ?? undefined,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

/** Of this client alone, or of ALL_CLIENTS. */
export async function findCustomization(
  db: Db,
  userPoolId: string,
  clientId: string,
): Promise<Customization | undefined> {
  const row = await db
    .selectFrom('ui_customizations')
    .selectAll()
    .where('user_pool_id', '=', userPoolId)
    .where('client_id', '=', clientId)
    .executeTakeFirst()
  return row && customizationFromRow(row)
}

/** What a client's pages look like: its own or, without, that of ALL_CLIENTS. */
export async function customizationOfClient(
  db: Db,
  userPoolId: string,
  clientId: string,
): Promise<Customization | undefined> {
  const rows = await db
    .selectFrom('ui_customizations')
    .selectAll()
    .where('user_pool_id', '=', userPoolId)
    .where('client_id', 'in', [clientId, ALL_CLIENTS])
    .execute()
  const row = rows.find(({ client_id }) => client_id === clientId) ?? rows[0]
  return row && customizationFromRow(row)
}

export async function insertCustomization(db: Db, of: Customization): Promise<void> {
  await db
    .insertInto('ui_customizations')
    .values({
      user_pool_id: of.userPoolId,
      client_id: of.clientId,
      css: of.css ?? null,
      served_css: of.servedCss,
      css_version: of.cssVersion,
      image_id: of.imageId ?? null,
      created_at: of.createdAt,
      updated_at: of.updatedAt,
    })
    .execute()
}

/** Deletes one, and gives the ids of its images. */
export async function deleteCustomization(db: Db, userPoolId: string, clientId: string): Promise<string[]> {
  const row = await db
    .deleteFrom('ui_customizations')
    .where('user_pool_id', '=', userPoolId)
    .where('client_id', '=', clientId)
    .returning('image_id')
    .executeTakeFirst()
  return row?.image_id ? [row.image_id] : []
}
