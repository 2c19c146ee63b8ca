// Import jobs, the parts of their files, their logs (docs/reference/user-pools.md 16).
import { type Step, stepsOf } from './steps.ts'

const { table, index } = stepsOf('0026')

export const userImport: readonly Step[] = [
  table(
    'user_import_jobs',
    'job_id key_text not null, user_pool_id key_text not null, job_name text not null, role_arn text not null, algorithm text, status text not null, message text, imported bigint not null, skipped bigint not null, failed bigint not null, created_at bigint not null, started_at bigint, completed_at bigint, file_id text not null, upload_id text not null, upload_bytes bigint not null, upload_size bigint not null, primary key (job_id, user_pool_id)',
  ),
  index('user_import_jobs_by_pool', 'user_import_jobs (user_pool_id, created_at, job_id)'),
  table(
    'user_import_parts',
    'job_id key_text not null, upload_id key_text not null, position bigint not null, user_pool_id key_text not null, content_sealed text not null, primary key (job_id, upload_id, position)',
  ),
  table(
    'user_import_log',
    'job_id key_text not null, line bigint not null, user_pool_id key_text not null, content text not null, primary key (job_id, line)',
  ),
]
