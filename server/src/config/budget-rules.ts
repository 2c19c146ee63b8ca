// The budgets of messages and of tries at codes and passwords (docs/decisions/budgets.md): their kinds, their text form and their
// defaults. Pure.
import { type VariableName, variables } from './env.ts'

/** Most uses in an hour and in a day; 0 for no bound. */
export interface Bound {
  readonly hour: number
  readonly day: number
}

/** A bound for each kind of thing that is counted. */
export type Budgets<Kind extends string> = Readonly<Record<Kind, Bound>>

/** The kinds of each setting. */
export const budgetKinds = {
  SMS_BUDGETS: ['address', 'network', 'pool', 'country', 'prefix', 'destination'],
  EMAIL_BUDGETS: ['address', 'network', 'pool', 'destination'],
  CODE_TRY_BUDGETS: ['user', 'address', 'network', 'destination', 'pool'],
  MIGRATION_TRY_BUDGETS: ['network', 'pool'],
} as const satisfies Partial<Record<VariableName, readonly string[]>>

export type BudgetSetting = keyof typeof budgetKinds
export type KindOf<Setting extends BudgetSetting> = (typeof budgetKinds)[Setting][number]

/** The budgets in force where a setting is not set. */
export const defaultBudgets = <Setting extends BudgetSetting>(setting: Setting): Budgets<KindOf<Setting>> =>
  parseBudgets(variables[setting].default, budgetKinds[setting]) as Budgets<KindOf<Setting>>

const ITEM = /^(\w+) +(\d{1,9})\/hour +(\d{1,9})\/day$/

/** The bounds that a text such as `pool 1000/hour 5000/day, address 60/hour 200/day` names; undefined when it is wrong. */
export function parseBudgets(text: string, kinds: readonly string[]): Record<string, Bound> | undefined {
  const found: Record<string, Bound> = {}
  for (const item of text.split(',').map((part) => part.trim())) {
    if (item === '') continue
    const [, kind = '', hour, day] = ITEM.exec(item) ?? []
    if (!kinds.includes(kind) || Object.hasOwn(found, kind)) return undefined
    found[kind] = { hour: Number(hour), day: Number(day) }
  }
  return found
}
