// IAM: users, groups, roles, policies, providers and their keys. Some thousands of rows in the whole installation, read
// through a cache.
import { type Step, stepsOf } from './steps.ts'

const { table, index } = stepsOf('0003')

export const iam: readonly Step[] = [
  table(
    'iam_entities',
    'entity_key key_text primary key, kind key_text not null, path_key key_text not null, entity_id key_text not null, settings text not null, created_at bigint not null, updated_at bigint not null, version bigint not null',
  ),
  index('iam_entities_by_path', 'iam_entities (kind, path_key, entity_key)'),
  table(
    'iam_access_keys',
    'access_key_id key_text primary key, user_key key_text not null, secret_sealed text not null, status text not null, created_at bigint not null',
  ),
  index('iam_access_keys_by_user', 'iam_access_keys (user_key, access_key_id)'),
  table(
    'iam_last_used',
    'name key_text primary key, used_at bigint not null, service text not null, region text not null',
  ),
  table(
    'iam_attachments',
    'entity_key key_text not null, policy_arn key_text not null, use key_text not null, primary key (entity_key, policy_arn, use)',
  ),
  index('iam_attachments_by_policy', 'iam_attachments (policy_arn, entity_key, use)'),
  table(
    'iam_memberships',
    'user_key key_text not null, group_key key_text not null, primary key (user_key, group_key)',
  ),
  index('iam_memberships_by_group', 'iam_memberships (group_key, user_key)'),
  table('iam_counts', 'kind key_text primary key, entity_count bigint not null'),
]
