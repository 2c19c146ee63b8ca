import { describe, expect, it } from 'vitest'
import { budgetKinds, defaultBudgets } from '../budget-rules.ts'
import { readConfig } from '../config.ts'

describe('the settings of budgets', () => {
  it('name for each kind an amount an hour and a day; kinds that are not named keep their default', () => {
    const { smsBudgets, emailBudgets } = readConfig({
      SMS_BUDGETS: ' pool 50000/hour 200000/day,country 0/hour 9/day ',
    })
    expect(smsBudgets).toEqual({
      ...defaultBudgets('SMS_BUDGETS'),
      pool: { hour: 50_000, day: 200_000 },
      country: { hour: 0, day: 9 },
    })
    expect(emailBudgets).toEqual(defaultBudgets('EMAIL_BUDGETS'))
  })

  it('have a default for every kind', () => {
    for (const setting of Object.keys(budgetKinds) as (keyof typeof budgetKinds)[])
      expect(Object.keys(defaultBudgets(setting)).sort()).toEqual([...budgetKinds[setting]].sort())
  })

  it.each([
    ['EMAIL_BUDGETS', 'country 1/hour 2/day'],
    ['SMS_BUDGETS', 'pool 1/hour'],
    ['SMS_BUDGETS', 'pool 1/day 1/hour'],
    ['SMS_BUDGETS', 'pool -1/hour 1/day'],
    ['SMS_BUDGETS', 'pool 1/hour 1/day, pool 2/hour 2/day'],
    ['SMS_BUDGETS', 'pool 1/hour 2/day address 1/hour 2/day'],
    ['CODE_TRY_BUDGETS', 'constructor 1/hour 2/day'],
    ['CODE_TRY_BUDGETS', '5'],
  ] as const)('%s must not be %s', (setting, text) => {
    expect(() => readConfig({ [setting]: text })).toThrow(
      `${setting} must be kinds with an amount an hour and a day, separated by commas, such as 'pool 1000/hour 5000/day'; the kinds are ${budgetKinds[setting].join(', ')}.`,
    )
  })
})

describe('SMS_COUNTRIES', () => {
  it('is a list of countries; without it there is no limit', () => {
    expect(readConfig({ SMS_COUNTRIES: 'DE, at' }).smsCountries).toEqual(new Set(['DE', 'AT']))
    expect(readConfig({}).smsCountries).toBeUndefined()
  })

  it.each(['Germany', '+49', 'DE,UK', ','])('must not be %s', (text) => {
    expect(() => readConfig({ SMS_COUNTRIES: text })).toThrow('SMS_COUNTRIES must be ISO 3166 codes of countries')
  })
})
