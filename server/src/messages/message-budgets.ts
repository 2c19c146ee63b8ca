// Counts a message against its budgets before it is queued (message-budget-rules.ts). The outbox does so for every
// message, so that no operation can forget it.
import { type BudgetParts, BudgetSpent, networksOf, takeReserved } from '../budgets/budgets.ts'
import type { Reservations } from '../budgets/reservations.ts'
import type { BudgetConfig } from '../config/groups/budgets.ts'
import type { NetworkConfig } from '../config/groups/network.ts'
import { budgetSpent, type EventParts } from '../events.ts'
import { type CountedMessage, messageBudgets } from './message-budget-rules.ts'

/**
 * Who asked for a message. What an administrator's signed call sends is not counted: it is theirs to limit, and they help
 * those whose budget a stranger has spent.
 */
export type Asker = 'administrator' | { readonly address: string | undefined }

export interface MessageBudgetParts extends BudgetParts, EventParts {
  readonly reservations: Reservations
  readonly config: Pick<BudgetConfig, 'smsBudgets' | 'emailBudgets'> & Pick<NetworkConfig, 'unlimitedAddresses'>
}

/** Counts a message against each of its budgets; throws BudgetSpent at the first that is spent. */
export async function takeMessageBudgets(
  parts: MessageBudgetParts,
  message: CountedMessage,
  asker: Asker,
): Promise<void> {
  if (asker === 'administrator') return
  const { medium, userPoolId } = message
  for (const budget of messageBudgets(parts.config, networksOf(parts.config, asker.address), message)) {
    if (await takeReserved(parts, medium, budget)) continue
    budgetSpent(parts, { pool: userPoolId, what: medium, budget: budget.kind })
    throw new BudgetSpent(medium, budget.kind)
  }
}
