import { type BudgetSetting, budgetKinds, defaultBudgets } from '../config/budget-rules.ts'
import type { Limit, Limits } from '../limit.ts'

const counted: Readonly<Record<BudgetSetting, string>> = {
  SMS_BUDGETS: 'SMS that users and strangers cause',
  EMAIL_BUDGETS: 'e-mail that users and strangers cause',
  CODE_TRY_BUDGETS: 'wrong tries at codes',
  MIGRATION_TRY_BUDGETS: 'questions to UserMigration that bring no user over,',
}

const by: Readonly<Record<string, string>> = {
  user: 'of one user',
  address: 'from one address (IPv4, or /64)',
  network: 'from one /48',
  'MIGRATION_TRY_BUDGETS network': 'from one /24 (IPv4) or /48',
  pool: 'in one user pool',
  country: 'to one country in one user pool',
  prefix: 'to numbers of one user pool that differ in their last four digits only',
  destination: 'for one address or number in one user pool',
}

/** The default bounds of every budget, each for an hour and for a day. */
export const limits: Limits = Object.fromEntries(
  (Object.keys(budgetKinds) as BudgetSetting[]).flatMap((setting) => {
    const budgets: Readonly<Record<string, { hour: number; day: number }>> = defaultBudgets(setting)
    return Object.entries(budgets).flatMap(([kind, { hour, day }]): [string, Limit][] => {
      const limit = {
        bounds: `${counted[setting]} ${by[`${setting} ${kind}`] ?? by[kind]}`,
        setting,
        source: 'docs/decisions/budgets.md',
      } as const
      return [
        [`${setting} ${kind} hour`, { ...limit, max: hour, unit: 'an hour' }],
        [`${setting} ${kind} day`, { ...limit, max: day, unit: 'a day' }],
      ]
    })
  }),
)
