// Software tokens: the secrets of users' authenticator apps.
import { type Step, stepsOf } from './steps.ts'

const { tableOfKeys } = stepsOf('0005')

export const softwareTokens: readonly Step[] = [
  tableOfKeys(
    'software_tokens',
    'user_sub key_text not null, user_pool_id key_text not null, secret_sealed text not null, pending_sealed text not null, last_step bigint not null, primary key (user_sub, user_pool_id)',
  ),
]
