// Settings of Cognito Sync by identity pool, devices and what they are told of
// (docs/reference/identity-pools-sts-iam-sync.md 21).
import { type Step, stepsOf } from './steps.ts'

const { table, tableOfKeys } = stepsOf('0022')

export const syncPools: readonly Step[] = [
  table(
    'sync_pools',
    'identity_pool_id key_text not null primary key, settings text not null, version bigint not null, updated_at bigint not null',
  ),
  table(
    'sync_devices',
    'identity_id key_text not null, device_id key_text not null, identity_pool_id key_text not null, platform text not null, application_arn text not null, token text not null, created_at bigint not null, primary key (identity_id, device_id)',
  ),
  tableOfKeys(
    'sync_subscriptions',
    'identity_id key_text not null, dataset_name key_text not null, device_id key_text not null, identity_pool_id key_text not null, primary key (identity_id, dataset_name, device_id)',
  ),
]
