// Datasets of Cognito Sync and their records (docs/reference/identity-pools-sts-iam-sync.md 20).
import { type Step, stepsOf } from './steps.ts'

const { table, index } = stepsOf('0021')

export const syncDatasets: readonly Step[] = [
  table(
    'sync_datasets',
    'identity_id key_text not null, dataset_name key_text not null, identity_pool_id key_text not null, home_id key_text not null, dataset_id key_text not null, live integer not null, sync_count bigint not null, deleted_sync_count bigint not null, merged_from key_text not null, created_at bigint not null, updated_at bigint not null, modified_by text not null, storage bigint not null, record_count integer not null, tombstone_count integer not null, primary key (identity_id, dataset_name)',
  ),
  index('sync_datasets_by_pool', 'sync_datasets (identity_pool_id, identity_id, dataset_name)'),
  table(
    'sync_records',
    'home_id key_text not null, dataset_id key_text not null, record_key key_text not null, value text, sync_count bigint not null, updated_at bigint not null, modified_by text not null, device_updated_at bigint, primary key (home_id, dataset_id, record_key)',
  ),
  index('sync_records_by_count', 'sync_records (home_id, dataset_id, sync_count, record_key)'),
  table(
    'sync_usage',
    'identity_pool_id key_text not null primary key, sessions bigint not null, storage bigint not null, updated_at bigint not null',
  ),
]
