// How many accounts a year guesses at codes take over, at most, under the budgets in force. Pure. The model and its
// numbers: docs/decisions/budgets.md.
import type { Bound } from '../config/budget-rules.ts'
import type { BudgetConfig } from '../config/groups/budgets.ts'
import { CODES_AT_ONCE } from '../crypto/totp.ts'

/** Codes have six digits. */
const CODES = 1_000_000
const DAYS_A_YEAR = 365.25

/** The attacker that the defaults are measured against: a botnet whose every address is in a network of its own. */
export const BOTNET_ADDRESSES = 1000

/**
 * The wrong guesses a day at the codes of one user pool that `addresses` can have evaluated, each at the code of a user
 * of its choice: there are more users than guesses, so that the bounds of a user do not help. Each address has its own
 * budget, all of them that of the pool, and beyond it one each (cognito-idp/codes/code-tries.ts).
 */
export function guessesADay(
  { codeTryBudgets: { address, pool } }: Pick<BudgetConfig, 'codeTryBudgets'>,
  addresses: number,
) {
  const byAddress = address.day === 0 ? Number.POSITIVE_INFINITY : addresses * address.day
  const byPool = pool.day === 0 ? Number.POSITIVE_INFINITY : pool.day + addresses
  return Math.min(byAddress, byPool)
}

/** The accounts of one user pool that `addresses` are expected to take over in a year of guessing day and night. */
export const takeoversAYear = (config: Pick<BudgetConfig, 'codeTryBudgets'>, addresses: number): number =>
  (guessesADay(config, addresses) * DAYS_A_YEAR) / CODES

/**
 * The wrong passwords a day that `networks` (each a /24 or /48 of its own) can have tried at another directory through the
 * UserMigration trigger of one pool (cognito-idp/users/migration-tries.ts).
 */
export function migrationTriesADay(
  { migrationTryBudgets: { network, pool } }: Pick<BudgetConfig, 'migrationTryBudgets'>,
  networks: number,
): number {
  const byNetwork = network.day === 0 ? Number.POSITIVE_INFINITY : networks * network.day
  const byPool = pool.day === 0 ? Number.POSITIVE_INFINITY : pool.day + networks
  return Math.min(byNetwork, byPool)
}

/**
 * Takeovers a year by guesses at the codes of software tokens of `accounts`, whose passwords the attacker knows: without the password nobody
 * gets to try a code. Of the codes of an app several are right at once, so a try counts as often against the budgets of its
 * user and its address; the pool has none.
 */
export function tokenTakeoversAYear(
  { codeTryBudgets: { address, user } }: Pick<BudgetConfig, 'codeTryBudgets'>,
  accounts: number,
  addresses: number,
): number {
  const triesOf = ({ day }: Bound): number => (day === 0 ? Number.POSITIVE_INFINITY : Math.floor(day / CODES_AT_ONCE))
  const tries = Math.min(accounts * triesOf(user), addresses * triesOf(address))
  return (tries * CODES_AT_ONCE * DAYS_A_YEAR) / CODES
}
