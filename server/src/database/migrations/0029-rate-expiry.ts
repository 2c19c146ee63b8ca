// Counters of users' requests expire: there may be two for each user.
import { type Step, stepsOf } from './steps.ts'

const { index } = stepsOf('0029')

export const rateExpiry: readonly Step[] = [
  {
    name: '0029-rate-shares-expiry',
    statement: 'alter table rate_shares add column expires_at bigint not null default 0',
  },
  index('rate_shares_by_expiry', 'rate_shares (expires_at)'),
]
