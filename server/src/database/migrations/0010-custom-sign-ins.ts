// What is kept of custom sign-ins (docs/reference/user-pools.md 9.5).
import { type Step, stepsOf } from './steps.ts'

const { table, index } = stepsOf('0010')

export const customSignIns: readonly Step[] = [
  table(
    'custom_sign_ins',
    'id key_text not null, user_pool_id key_text not null, state_sealed text not null, expires_at bigint not null, primary key (id, user_pool_id)',
  ),
  index('custom_sign_ins_by_expiry', 'custom_sign_ins (expires_at)'),
]
