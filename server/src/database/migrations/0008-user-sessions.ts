// Sessions of users, and when their refresh tokens were last used.
import { type Step, stepsOf } from './steps.ts'

const { tableOfKeys, index } = stepsOf('0008')

export const userSessions: readonly Step[] = [
  tableOfKeys(
    'user_sessions',
    'user_sub key_text not null, user_pool_id key_text not null, origin_jti key_text not null, event_id text not null, client_id key_text not null, token_generation bigint not null, device_type text not null, address text, session_type text not null, parent_id text, created_at bigint not null, last_active_at bigint not null, expires_at bigint not null, primary key (user_sub, user_pool_id, origin_jti)',
  ),
  index('user_sessions_by_expiry', 'user_sessions (expires_at)'),
  tableOfKeys(
    'refresh_uses',
    'user_sub key_text not null, user_pool_id key_text not null, origin_jti key_text not null, used_at bigint not null, expires_at bigint not null, primary key (user_sub, user_pool_id, origin_jti)',
  ),
  index('refresh_uses_by_expiry', 'refresh_uses (expires_at)'),
]
