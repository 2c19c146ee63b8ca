// Counts a question to UserMigration against its budgets before it is asked. A name that nobody has, in any number of
// spellings, is looked up in another directory, and a password tried there: without a bound, a list of leaked passwords could
// be tried there through this server (docs/decisions/budgets.md).
import { type Counted, countTry } from '../../budgets/tries.ts'
import type { KindOf } from '../../config/budget-rules.ts'
import type { Context } from '../../context.ts'
import { wideNetwork } from '../../http/client-address.ts'

export const MIGRATION_WHAT = 'migration'

/** `address`: the client's. */
export function countMigrationTry(
  context: Context,
  userPoolId: string,
  address: string | undefined,
): Promise<Counted<KindOf<'MIGRATION_TRY_BUDGETS'>>> {
  const bounds = context.config.migrationTryBudgets
  const network =
    address === undefined || context.config.unlimitedAddresses.has(address)
      ? []
      : [{ kind: 'network' as const, of: [wideNetwork(address)], bound: bounds.network }]
  const pool = { kind: 'pool' as const, of: [userPoolId], bound: bounds.pool }
  return countTry(context, { userPoolId, what: MIGRATION_WHAT, budgets: [...network, pool] })
}
