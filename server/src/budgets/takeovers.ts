// The warning at the start about budgets under which codes can be guessed (takeover-rules.ts).
import type { Logger } from 'pino'
import type { BudgetConfig } from '../config/groups/budgets.ts'
import { BOTNET_ADDRESSES, takeoversAYear } from './takeover-rules.ts'

export function warnOfTakeovers(log: Pick<Logger, 'warn'>, config: Pick<BudgetConfig, 'codeTryBudgets'>): void {
  const takeovers = takeoversAYear(config, BOTNET_ADDRESSES)
  if (takeovers < 1) return
  log.warn(
    { takeoversAYear: Number.isFinite(takeovers) ? Math.round(takeovers * 10) / 10 : 'unbounded' },
    `CODE_TRY_BUDGETS let ${BOTNET_ADDRESSES} addresses guess codes of more than one account a year in a large pool: lower those of pool and address (docs/decisions/budgets.md)`,
  )
}
