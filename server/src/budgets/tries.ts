// Tries at secrets, each counted against several budgets before it is evaluated (docs/decisions/budgets.md). What a try counts
// against is cognito-idp/codes/code-tries.ts for codes, cognito-idp/users/migration-tries.ts for passwords of another directory.
import { budgetSpent, type EventParts } from '../events.ts'
import { type CountedUse, giveUseBack } from './budget-store.ts'
import { type Budget, type BudgetParts, takeBudget } from './budgets.ts'

export interface Try<Kind extends string> {
  readonly userPoolId: string
  /** What is tried, such as `code`. */
  readonly what: string
  /** The budget of the pool comes last, those of networks in ascending size. */
  readonly budgets: readonly Budget<Kind>[]
  /** How often it counts; once if it does not say. */
  readonly uses?: number | undefined
}

/** A try that was counted, or the kind of the budget that is spent. */
export type Counted<Kind extends string> = { readonly taken: readonly CountedUse[] } | { readonly spent: Kind }

/**
 * Counts a try. Beyond the budget of the pool, the first try of the client's network on a day is evaluated all the same,
 * right ones aside: so whoever spends that budget does not keep everybody else out. A client without a network
 * (UNLIMITED_ADDRESSES) has no such try, as it may speak for any number of clients.
 */
export async function countTry<Kind extends string>(
  context: BudgetParts & EventParts,
  { userPoolId, what, budgets, uses }: Try<Kind>,
): Promise<Counted<Kind>> {
  const taken: (CountedUse & { kind: string })[] = []
  for (const budget of budgets) {
    const use = await takeBudget(context, what, budget, uses)
    if (use) taken.push({ ...use, kind: budget.kind })
    if (use || (budget.kind === 'pool' && isFirstToday(taken))) continue
    budgetSpent(context, { pool: userPoolId, what, budget: budget.kind })
    return { spent: budget.kind }
  }
  return { taken }
}

/** Uncounts a try that was right, or was not evaluated. */
export async function forgiveTry({ database }: BudgetParts, taken: readonly CountedUse[]): Promise<void> {
  for (const use of taken) await giveUseBack(database.db, use)
}

function isFirstToday(taken: readonly (CountedUse & { kind: string })[]): boolean {
  const widest = taken.findLast(({ kind }) => kind === 'network' || kind === 'address')
  return widest?.usedToday === 1
}
