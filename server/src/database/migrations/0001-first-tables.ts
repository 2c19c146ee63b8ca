// The first tables.
import { type Step, stepsOf } from './steps.ts'

const { table, tableOfKeys, index } = stepsOf('0001')

export const firstTables: readonly Step[] = [
  table('meta', 'name key_text primary key, value text not null'),
  table(
    'user_pools',
    'id key_text primary key, region key_text not null, settings text not null, created_at bigint not null, updated_at bigint not null, version bigint not null',
  ),
  index('user_pools_by_region', 'user_pools (region, id)'),
  table(
    'user_pool_clients',
    'client_id key_text primary key, user_pool_id key_text not null, settings text not null, secrets_sealed text not null, created_at bigint not null, updated_at bigint not null, version bigint not null',
  ),
  index('user_pool_clients_by_pool', 'user_pool_clients (user_pool_id, client_id)'),
  table(
    'signing_keys',
    'user_pool_id key_text not null, use key_text not null, generation bigint not null, kid text not null, public_jwk text not null, private_sealed text not null, active_from bigint not null, created_at bigint not null, expires_at bigint not null, primary key (user_pool_id, use, generation)',
  ),
  index('signing_keys_by_expiry', 'signing_keys (expires_at)'),
  table(
    'users',
    'user_sub key_text not null, user_pool_id key_text not null, username key_text not null, status text not null, enabled integer not null, attributes text not null, credential_sealed text not null, credential_set_at bigint not null, credential_history_sealed text not null, token_generation bigint not null, mfa text not null, identities text not null, created_at bigint not null, updated_at bigint not null, version bigint not null, primary key (user_sub, user_pool_id)',
  ),
  index('users_by_pool', 'users (user_pool_id, user_sub)'),
  index('users_by_status', 'users (user_pool_id, status, user_sub)'),
  index('users_by_enabled', 'users (user_pool_id, enabled, user_sub)'),
  tableOfKeys(
    'user_names',
    'name_key key_text not null, user_pool_id key_text not null, kind text not null, user_sub key_text not null, primary key (name_key, user_pool_id)',
  ),
  tableOfKeys(
    'user_search',
    'user_sub key_text not null, user_pool_id key_text not null, username key_text, email key_text, phone_number key_text, name key_text, given_name key_text, family_name key_text, preferred_username key_text, primary key (user_sub, user_pool_id)',
  ),
  // Only users that have a value: most have few of them.
  ...['username', 'email', 'phone_number', 'name', 'given_name', 'family_name', 'preferred_username'].map((column) =>
    index(`user_search_by_${column}`, `user_search (user_pool_id, ${column}, user_sub) where ${column} is not null`),
  ),
  table('user_counts', 'user_pool_id key_text primary key, users bigint not null'),
  table(
    'groups',
    'group_name key_text not null, user_pool_id key_text not null, group_id key_text not null, description text, role_arn text, precedence bigint, created_at bigint not null, updated_at bigint not null, version bigint not null, primary key (group_name, user_pool_id)',
  ),
  index('groups_by_pool', 'groups (user_pool_id, group_name)'),
  tableOfKeys(
    'group_members',
    'user_sub key_text not null, user_pool_id key_text not null, group_name key_text not null, group_id key_text not null, created_at bigint not null, primary key (user_sub, user_pool_id, group_name)',
  ),
  index('group_members_by_group', 'group_members (group_id, user_sub)'),
  table('group_counts', 'user_pool_id key_text primary key, group_count bigint not null'),
  tableOfKeys(
    'codes',
    'user_sub key_text not null, user_pool_id key_text not null, purpose key_text not null, code_mac text not null, attribute text not null, value_sealed text not null, created_at bigint not null, expires_at bigint not null, primary key (user_sub, user_pool_id, purpose)',
  ),
  tableOfKeys(
    'attempts',
    'subject key_text not null, kind key_text not null, user_pool_id key_text not null, state text not null, expires_at bigint not null, primary key (subject, kind, user_pool_id)',
  ),
  index('attempts_by_expiry', 'attempts (expires_at)'),
  tableOfKeys(
    'budgets',
    'budget_key key_text primary key, hour bigint not null, hour_used bigint not null, day bigint not null, day_used bigint not null, expires_at bigint not null',
  ),
  index('budgets_by_expiry', 'budgets (expires_at)'),
  tableOfKeys(
    'spent_ids',
    'id key_text not null, user_pool_id key_text not null, expires_at bigint not null, primary key (id, user_pool_id)',
  ),
  index('spent_ids_by_expiry', 'spent_ids (expires_at)'),
  tableOfKeys(
    'revoked_sign_ins',
    'user_sub key_text not null, user_pool_id key_text not null, origin_jti key_text not null, expires_at bigint not null, primary key (user_sub, user_pool_id, origin_jti)',
  ),
  index('revoked_sign_ins_by_expiry', 'revoked_sign_ins (expires_at)'),
  tableOfKeys(
    'refresh_families',
    'user_sub key_text not null, user_pool_id key_text not null, origin_jti key_text not null, generation bigint not null, rotated_at bigint not null, expires_at bigint not null, primary key (user_sub, user_pool_id, origin_jti)',
  ),
  index('refresh_families_by_expiry', 'refresh_families (expires_at)'),
  table(
    'jobs',
    'owner key_text not null, id key_text not null, queue key_text not null, payload text not null, created_at bigint not null, attempts bigint not null, due_at bigint not null, lease text not null, primary key (owner, id)',
  ),
  index('jobs_by_queue', 'jobs (queue, due_at, id)'),
]
