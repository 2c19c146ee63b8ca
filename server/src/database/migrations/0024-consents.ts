// What users have allowed applications that registered themselves.
import { type Step, stepsOf } from './steps.ts'

const { tableOfKeys } = stepsOf('0024')

export const consents: readonly Step[] = [
  tableOfKeys(
    'consents',
    'user_sub key_text not null, user_pool_id key_text not null, client_id key_text not null, granted text not null, granted_at bigint not null, primary key (user_sub, user_pool_id, client_id)',
  ),
]
