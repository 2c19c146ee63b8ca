// How many messages may be caused and how many codes tried (docs/decisions/budgets.md), and where SMS may go.
import {
  type BudgetSetting,
  type Budgets,
  budgetKinds,
  defaultBudgets,
  type KindOf,
  parseBudgets,
} from '../budget-rules.ts'
import { isCountry } from '../calling-code-rules.ts'
import type { SettingsReader } from '../settings-reader.ts'

export interface BudgetConfig {
  readonly smsBudgets: Budgets<KindOf<'SMS_BUDGETS'>>
  readonly emailBudgets: Budgets<KindOf<'EMAIL_BUDGETS'>>
  readonly codeTryBudgets: Budgets<KindOf<'CODE_TRY_BUDGETS'>>
  readonly migrationTryBudgets: Budgets<KindOf<'MIGRATION_TRY_BUDGETS'>>
  /** ISO 3166 codes of the countries that SMS is sent to; undefined for every country. */
  readonly smsCountries: ReadonlySet<string> | undefined
}

export const readBudgets = (read: SettingsReader): BudgetConfig => ({
  smsBudgets: readSetting(read, 'SMS_BUDGETS'),
  emailBudgets: readSetting(read, 'EMAIL_BUDGETS'),
  codeTryBudgets: readSetting(read, 'CODE_TRY_BUDGETS'),
  migrationTryBudgets: readSetting(read, 'MIGRATION_TRY_BUDGETS'),
  smsCountries: readCountries(read),
})

function readSetting<Setting extends BudgetSetting>(read: SettingsReader, setting: Setting): Budgets<KindOf<Setting>> {
  const kinds: readonly string[] = budgetKinds[setting]
  const set = parseBudgets(read.text(setting) ?? '', kinds)
  if (!set)
    read.report(
      `${setting} must be kinds with an amount an hour and a day, separated by commas, such as 'pool 1000/hour 5000/day'; the kinds are ${kinds.join(', ')}.`,
    )
  return { ...defaultBudgets(setting), ...set }
}

function readCountries(read: SettingsReader): ReadonlySet<string> | undefined {
  if (read.text('SMS_COUNTRIES') === undefined) return undefined
  const countries = read.list('SMS_COUNTRIES').map((code) => code.toUpperCase())
  const wrong = countries.filter((code) => !isCountry(code))
  if (wrong.length > 0 || countries.length === 0)
    read.report(`SMS_COUNTRIES must be ISO 3166 codes of countries, separated by commas, such as DE,AT: ${wrong}`)
  return new Set(countries)
}
