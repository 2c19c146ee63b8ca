// Codes that stand in for a lost second factor.
import { type Step, stepsOf } from './steps.ts'

const { tableOfKeys } = stepsOf('0015')

export const recoveryCodes: readonly Step[] = [
  tableOfKeys(
    'recovery_codes',
    'user_sub key_text not null, user_pool_id key_text not null, code_id key_text not null, code_mac text not null, created_at bigint not null, primary key (user_sub, user_pool_id, code_id)',
  ),
]
