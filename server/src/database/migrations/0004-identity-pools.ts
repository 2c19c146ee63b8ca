// Identity pools: an identity is a row that includes its logins; each login also has a row of its own, as its
// reservation.
import { type Step, stepsOf } from './steps.ts'

const { table, tableOfKeys, index } = stepsOf('0004')

export const identityPools: readonly Step[] = [
  table(
    'identity_pools',
    'id key_text primary key, region key_text not null, settings text not null, created_at bigint not null, updated_at bigint not null, version bigint not null',
  ),
  index('identity_pools_by_region', 'identity_pools (region, id)'),
  table(
    'identities',
    'identity_id key_text primary key, identity_pool_id key_text not null, disabled integer not null, merged_into text not null, linked integer not null, logins text not null, created_at bigint not null, updated_at bigint not null, version bigint not null',
  ),
  // Live ones first: lists show either those alone or all, each as one range.
  index('identities_by_pool', 'identities (identity_pool_id, disabled, identity_id)'),
  tableOfKeys(
    'identity_logins',
    'login_key key_text not null, identity_pool_id key_text not null, identity_id key_text not null, primary key (login_key, identity_pool_id)',
  ),
]
