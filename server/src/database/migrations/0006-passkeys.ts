// Passkeys: at most 20 rows of a user, read together or by the whole key.
import { type Step, stepsOf } from './steps.ts'

const { table } = stepsOf('0006')

export const passkeys: readonly Step[] = [
  table(
    'passkeys',
    'user_sub key_text not null, user_pool_id key_text not null, credential_key key_text not null, credential_id text not null, public_key text not null, counter bigint not null, user_handle text not null, user_verified integer not null, backup_eligible integer not null, backed_up integer not null, transports text not null, attachment text, friendly_name text not null, rp_id text not null, aaguid text not null, created_at bigint not null, last_used_at bigint, primary key (user_sub, user_pool_id, credential_key)',
  ),
]
