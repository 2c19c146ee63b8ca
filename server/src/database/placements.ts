// The placement of each table on an engine that distributes tables over nodes by a declared column (Citus;
// docs/decisions/statement-rules.md says how to run it). Engines that split tables by their primary keys need no
// declaration, as the keys begin with the same columns. Hot statements follow the placements on every engine: a
// statement on a distributed table compares the distribution column with a parameter, so that it goes to one shard
// (statement-shapes.test.ts).
import type { Schema } from './schema.ts'

export type TableName = keyof Schema

/**
 * `reference`: a whole copy on every node, for tables of few rows that are seldom written; everything may be joined with it.
 * `by`: rows spread by the hash of a column, the first of the primary key. `beside`: rows of the same value lie on the same
 * node as those of another table, so that the two may be joined by these columns.
 */
export type Placement<Column extends string = string> =
  | 'reference'
  | { readonly by: Column; readonly beside?: TableName }

export type Placements = { readonly [Name in TableName]: Placement<keyof Schema[Name] & string> }

const besideUsers = { by: 'user_sub', beside: 'users' } as const

export const placements: Placements = {
  // Some rows in the whole installation.
  meta: 'reference',

  // Settings and keys: thousands of rows, changed by administrators, listed in one order, and read by every process into
  // its memory, from the nearest node.
  user_pools: 'reference',
  user_pool_clients: 'reference',
  registered_clients: 'reference',
  user_pool_replicas: 'reference',
  user_pool_domains: 'reference',
  resource_servers: 'reference',
  identity_providers: 'reference',
  identity_provider_identifiers: 'reference',
  saml_signing_keys: 'reference',
  signing_keys: 'reference',
  identity_pools: 'reference',
  sync_pools: 'reference',
  provisioned_limits: 'reference',
  // The groups of a user are read in one statement with what each group says.
  groups: 'reference',
  group_counts: 'reference',
  // The looks of login pages.
  ui_customizations: 'reference',
  login_brandings: 'reference',
  terms: 'reference',

  // A user with all that a sign-in reads and writes.
  users: { by: 'user_sub' },
  user_search: besideUsers,
  group_members: besideUsers,
  codes: besideUsers,
  software_tokens: besideUsers,
  recovery_codes: besideUsers,
  revoked_sign_ins: besideUsers,
  refresh_families: besideUsers,
  user_sessions: besideUsers,
  refresh_uses: besideUsers,
  passkeys: besideUsers,
  devices: besideUsers,
  auth_events: besideUsers,
  consents: besideUsers,
  session_apps: besideUsers,
  saml_sessions: besideUsers,
  attempts: { by: 'subject', beside: 'users' },
  // A user's messages, queued in the transactions that write the user; due jobs are searched on all nodes.
  jobs: { by: 'owner', beside: 'users' },

  // Reservations are distributed by their own key: a look-up by name does not know the user yet.
  user_names: { by: 'name_key' },
  identity_logins: { by: 'login_key' },
  identities: { by: 'identity_id' },

  // Datasets beside their identity; the records of a merged one stay beside the identity that it came from.
  sync_datasets: { by: 'identity_id', beside: 'identities' },
  sync_records: { by: 'home_id', beside: 'identities' },
  sync_devices: { by: 'identity_id', beside: 'identities' },
  sync_subscriptions: { by: 'identity_id', beside: 'identities' },

  // An import with its file and its log.
  user_import_jobs: { by: 'job_id' },
  user_import_parts: { by: 'job_id', beside: 'user_import_jobs' },
  user_import_log: { by: 'job_id', beside: 'user_import_jobs' },

  // Up to a megabyte each, read one by one; what is cached of them is a browser's.
  images: { by: 'image_id' },

  // Written often while users sign up, so not a reference table, which would be written on every node.
  user_counts: { by: 'user_pool_id' },
  // The same for what is told of the use of an identity pool's datasets.
  sync_usage: { by: 'identity_pool_id' },
  // The key is all that is known when they are read.
  spent_ids: { by: 'id' },
  custom_sign_ins: { by: 'id' },
  authorization_codes: { by: 'code_hash' },
  device_grants: { by: 'code_key' },
  // What is counted may belong to many users (a pool, a client's address): each row is written by its own key.
  budgets: { by: 'budget_key' },
  rate_shares: { by: 'counter' },

  // IAM: some thousands of rows, read into memory, joined with one another.
  iam_entities: 'reference',
  iam_access_keys: 'reference',
  iam_attachments: 'reference',
  iam_memberships: 'reference',
  iam_counts: 'reference',
  // Not a reference table like the rest of IAM, as ordinary requests write it.
  iam_last_used: { by: 'name' },
}

/** The first table of a group of co-located tables; undefined for a reference table. */
export function colocationOf(table: TableName): TableName | undefined {
  const placement: Placement = placements[table]
  return placement === 'reference' ? undefined : (placement.beside ?? table)
}

/**
 * Citus's statements that distribute the tables, which must exist and should be empty; first the heads of each group.
 */
export function placementStatements(): string[] {
  const entries: [table: string, placement: Placement][] = [
    // The one table that is not in the schema, as migrations make it (migrations/migrate.ts).
    ['migrations', 'reference'],
    ...Object.entries(placements),
  ]
  const turn = (placement: Placement): number =>
    placement === 'reference' ? 0 : placement.beside === undefined ? 1 : 2
  return entries.sort(([, one], [, other]) => turn(one) - turn(other)).map(statementFor)
}

const statementFor = ([table, placement]: [table: string, placement: Placement]): string =>
  placement === 'reference'
    ? `select create_reference_table('${table}')`
    : `select create_distributed_table('${table}', '${placement.by}', colocate_with => '${placement.beside ?? 'none'}')`
