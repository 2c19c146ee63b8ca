// Codes count the tries at them (docs/reference/threats.md 8), and are purged when they have expired.
import { type Step, stepsOf } from './steps.ts'

const { index } = stepsOf('0002')

export const codeTries: readonly Step[] = [
  { name: '0002-codes-tries', statement: 'alter table codes add column tries bigint not null default 0' },
  index('codes_by_expiry', 'codes (expires_at)'),
]
