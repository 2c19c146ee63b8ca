// What threat protection keeps of sign-ins and changes of users.
import { type Step, stepsOf } from './steps.ts'

const { tableOfKeys, index } = stepsOf('0011')

export const authEvents: readonly Step[] = [
  tableOfKeys(
    'auth_events',
    'user_sub key_text not null, user_pool_id key_text not null, event_id key_text not null, event_type text not null, response text not null, challenges text not null, details text not null, feedback text, created_at bigint not null, expires_at bigint not null, primary key (user_sub, user_pool_id, event_id)',
  ),
  index('auth_events_by_expiry', 'auth_events (expires_at)'),
]
