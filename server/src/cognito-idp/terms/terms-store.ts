// Every statement on the table of terms documents. The primary key (client, name) makes them unique.
import type { TermsEnforcementType, TermsSourceType } from '../../contract/cognito-idp.types.ts'
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'

export interface Terms {
  readonly id: string
  readonly userPoolId: string
  readonly clientId: string
  readonly name: string
  readonly source: TermsSourceType
  readonly enforcement: TermsEnforcementType
  /** Language (`cognito:english`) to URL; always with `cognito:default`. */
  readonly links: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly updatedAt: number
  readonly version: number
}

const termsFromRow = (row: Schema['terms']): Terms => ({
  id: row.terms_id,
  userPoolId: row.user_pool_id,
  clientId: row.client_id,
  name: row.terms_name,
  source: row.source as TermsSourceType,
  enforcement: row.enforcement as TermsEnforcementType,
  links: JSON.parse(row.links) as Record<string, string>,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

const rowOf = (terms: Terms): Schema['terms'] => ({
  client_id: terms.clientId,
  user_pool_id: terms.userPoolId,
  terms_name: terms.name,
  terms_id: terms.id,
  source: terms.source,
  enforcement: terms.enforcement,
  links: JSON.stringify(terms.links),
  created_at: terms.createdAt,
  updated_at: terms.updatedAt,
  version: terms.version,
})

export async function findTerms(db: Db, userPoolId: string, id: string): Promise<Terms | undefined> {
  const row = await db
    .selectFrom('terms')
    .selectAll()
    .where('user_pool_id', '=', userPoolId)
    .where('terms_id', '=', id)
    .executeTakeFirst()
  return row && termsFromRow(row)
}

/** The terms of a client, at most one of each name, in the order of names. */
export async function findTermsOfClient(db: Db, userPoolId: string, clientId: string): Promise<Terms[]> {
  const rows = await db
    .selectFrom('terms')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('user_pool_id', '=', userPoolId)
    .orderBy('terms_name')
    .execute()
  return rows.map(termsFromRow)
}

/** Terms of a pool with an id after `after`, in the order of ids. */
export async function listTerms(db: Db, userPoolId: string, after: string, limit: number): Promise<Terms[]> {
  const rows = await db
    .selectFrom('terms')
    .selectAll()
    .where('user_pool_id', '=', userPoolId)
    .where('terms_id', '>', after)
    .orderBy('terms_id')
    .limit(limit)
    .execute()
  return rows.map(termsFromRow)
}

/** Writes new terms; false when the client has some of this name. */
export async function insertTerms(db: Db, terms: Terms): Promise<boolean> {
  const result = await db
    .insertInto('terms')
    .values(rowOf(terms))
    .onConflict((conflict) => conflict.columns(['client_id', 'user_pool_id', 'terms_name']).doNothing())
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Deletes terms if they still have this version; false when they have not, or were deleted already. */
export async function deleteTerms(db: Db, terms: Terms): Promise<boolean> {
  const result = await db
    .deleteFrom('terms')
    .where('client_id', '=', terms.clientId)
    .where('user_pool_id', '=', terms.userPoolId)
    .where('terms_name', '=', terms.name)
    .where('terms_id', '=', terms.id)
    .where('version', '=', terms.version)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

export async function deleteTermsOfClient(db: Db, userPoolId: string, clientId: string): Promise<void> {
  await db.deleteFrom('terms').where('client_id', '=', clientId).where('user_pool_id', '=', userPoolId).execute()
}
