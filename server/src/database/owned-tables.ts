// The tables whose rows belong to a user or to a user pool, and are removed with it. A test requires that each table
// with a column for a user or a pool is listed here.
import type { Db } from './database.ts'

/**
 * Tables with rows of users, each with the column that finds them: a sub, or a name that follows from the user
 * (cognito-idp/users/user-name-rules.ts). All have a `user_pool_id` as well.
 */
export const userTables = {
  users: 'user_sub',
  user_names: 'name_key',
  user_search: 'user_sub',
  group_members: 'user_sub',
  codes: 'user_sub',
  software_tokens: 'user_sub',
  recovery_codes: 'user_sub',
  attempts: 'subject',
  revoked_sign_ins: 'user_sub',
  refresh_families: 'user_sub',
  user_sessions: 'user_sub',
  refresh_uses: 'user_sub',
  passkeys: 'user_sub',
  devices: 'user_sub',
  auth_events: 'user_sub',
  consents: 'user_sub',
  session_apps: 'user_sub',
  saml_sessions: 'user_sub',
} as const

export type UserTable = keyof typeof userTables

/** The tables of `userTables` whose rows are found by the sub, without `users` itself. */
export const tablesOfSub = (Object.keys(userTables) as UserTable[]).filter(
  (table) => table !== 'users' && table !== 'user_names',
)

/** Deletes rows of users in one of these tables, found by subs or, in `user_names`, by the keys of names. */
export async function deleteUserRows(
  db: Db,
  table: UserTable,
  userPoolId: string,
  keys: readonly string[],
): Promise<void> {
  // For the type checker, which cannot follow a union of tables, one table stands for all.
  await db
    .deleteFrom(table as 'users')
    .where(userTables[table] as 'user_sub', 'in', keys)
    .where('user_pool_id', '=', userPoolId)
    .execute()
}

/** Tables with rows of a pool that belong to no user, found by `user_pool_id`. The pool itself is in `user_pools`. */
export const poolTables = [
  'user_pool_clients',
  'registered_clients',
  'user_pool_replicas',
  'user_pool_domains',
  'resource_servers',
  'identity_providers',
  'identity_provider_identifiers',
  'saml_signing_keys',
  'signing_keys',
  'groups',
  'group_counts',
  'user_counts',
  'images',
  'ui_customizations',
  'login_brandings',
  'terms',
  'user_import_jobs',
  'user_import_parts',
  'user_import_log',
] as const

/** Tables that refer to a user or a pool but are not removed with it, with the reason. */
export const tablesThatOutlive = {
  spent_ids: 'go by themselves when they have expired, within hours',
  custom_sign_ins: 'go by themselves when they have expired, within minutes',
  authorization_codes: 'go by themselves when they have expired, within minutes',
  device_grants: 'go by themselves when they have expired, within minutes',
} as const
