// Devices of users (docs/reference/user-pools.md 10).
import { type Step, stepsOf } from './steps.ts'

const { table } = stepsOf('0007')

export const devices: readonly Step[] = [
  table(
    'devices',
    'user_sub key_text not null, user_pool_id key_text not null, device_key key_text not null, name text, remembered integer not null, secret_sealed text not null, last_ip text, created_at bigint not null, updated_at bigint not null, authenticated_at bigint not null, primary key (user_sub, user_pool_id, device_key)',
  ),
]
