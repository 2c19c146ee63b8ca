// Grants of devices without a browser (RFC 8628).
import { type Step, stepsOf } from './steps.ts'

const { table, index } = stepsOf('0025')

export const deviceGrants: readonly Step[] = [
  table(
    'device_grants',
    'code_key key_text not null, user_pool_id key_text not null, grant_id text not null, client_id text not null, request_sealed text not null, status text not null, answer_sealed text not null, polled_at bigint not null, interval_seconds integer not null, expires_at bigint not null, primary key (code_key, user_pool_id)',
  ),
  index('device_grants_by_expiry', 'device_grants (expires_at)'),
]
