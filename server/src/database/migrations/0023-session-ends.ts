// Who has to know that the session of a browser has ended: applications, and the sessions of a SAML provider's users.
import { type Step, stepsOf } from './steps.ts'

const { tableOfKeys, index } = stepsOf('0023')

export const sessionEnds: readonly Step[] = [
  tableOfKeys(
    'session_apps',
    'user_sub key_text not null, user_pool_id key_text not null, session_id key_text not null, client_id key_text not null, expires_at bigint not null, primary key (user_sub, user_pool_id, session_id, client_id)',
  ),
  index('session_apps_by_expiry', 'session_apps (expires_at)'),
  tableOfKeys(
    'saml_sessions',
    'user_sub key_text not null, user_pool_id key_text not null, session_id key_text not null, provider key_text not null, session_index text, expires_at bigint not null, primary key (user_sub, user_pool_id, session_id)',
  ),
  index('saml_sessions_by_expiry', 'saml_sessions (expires_at)'),
]
