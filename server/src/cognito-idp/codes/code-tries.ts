// Counts a try at a code against its budgets before it is evaluated, so that guesses spread over many users, from one
// address or many, stay few (docs/decisions/budgets.md). The tries that one code allows are counted with the code.

import type { CountedUse } from '../../budgets/budget-store.ts'
import { type Budget, BudgetSpent, networksOf } from '../../budgets/budgets.ts'
import { countTry } from '../../budgets/tries.ts'
import type { KindOf } from '../../config/budget-rules.ts'
import type { Context } from '../../context.ts'

const WHAT = 'code'

/** A try at a code. */
export interface TriedCode {
  userPoolId: string
  /** A sub, or the subjectOfUnknown of an unknown user. */
  subject: string
  /**
   * What the code was sent to; a simulated code of an unknown user has only its subject. Undefined for the code of a
   * software token, which is not sent: it is tried by those alone who know the user's password, so that neither a
   * destination nor the whole pool has a budget of such tries.
   */
  destination: string | undefined
  /** The client's address. */
  address: string | undefined
  /** How many codes are right at a time, one if it does not say: a try at one of several counts as often. */
  rightCodes?: number
}

/**
 * Counts a try at a code. `hidden` when its destination has had too many: the try must then be answered like a wrong
 * one, as another refusal would tell who has the destination. Throws BudgetSpent when another budget is spent.
 */
export async function countCodeTry(context: Context, tried: TriedCode): Promise<readonly CountedUse[] | 'hidden'> {
  const { userPoolId, rightCodes: uses } = tried
  const budgets = codeTryBudgets(context, tried)
  const counted = await countTry(context, { userPoolId, what: WHAT, budgets, uses })
  if ('taken' in counted) return counted.taken
  if (counted.spent === 'destination') return 'hidden'
  throw new BudgetSpent(WHAT, counted.spent)
}

/** The budgets of a try, that of the pool last. */
function codeTryBudgets(
  { config }: Context,
  { userPoolId, subject, destination, address }: TriedCode,
): Budget<KindOf<'CODE_TRY_BUDGETS'>>[] {
  const bounds = config.codeTryBudgets
  return [
    { kind: 'user', of: [userPoolId, subject], bound: bounds.user },
    ...networksOf(config, address).map((network) => ({ ...network, bound: bounds[network.kind] })),
    ...(destination === undefined
      ? []
      : [
          { kind: 'destination' as const, of: [userPoolId, destination], bound: bounds.destination },
          { kind: 'pool' as const, of: [userPoolId], bound: bounds.pool },
        ]),
  ]
}
