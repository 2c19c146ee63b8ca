// Limits of request rates, and what is used of them.
import { type Step, stepsOf } from './steps.ts'

const { tableOfKeys } = stepsOf('0019')

export const requestRates: readonly Step[] = [
  tableOfKeys('provisioned_limits', 'category key_text primary key, per_second bigint not null'),
  tableOfKeys('rate_shares', 'counter key_text primary key, at_second bigint not null, used bigint not null'),
]
