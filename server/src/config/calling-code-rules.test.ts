import { expect, it } from 'vitest'
import { countryOf, isCountry } from './calling-code-rules.ts'

it.each([
  ['+4917012345678', 'DE'],
  ['+14325551212', 'US'],
  ['+14165550100', 'CA'],
  ['+18765550100', 'JM'],
  ['+16585550100', 'JM'],
  ['+17875550100', 'PR'],
  ['+79161234567', 'RU'],
  ['+77011234567', 'KZ'],
  ['+447400123456', 'GB'],
  ['+447797123456', 'JE'],
  ['+447624123456', 'IM'],
  ['+390612345678', 'IT'],
  ['+390669812345', 'VA'],
  ['+262692123456', 'RE'],
  ['+262639123456', 'YT'],
  ['+5999123456', 'CW'],
  ['+599318123', 'BQ'],
  ['+252612345678', 'SO'],
  ['+2', undefined],
  ['+8816123456', undefined],
  ['+979123456789', undefined],
  ['+99912345678', undefined],
  ['', undefined],
] as const)('%s is a number of %s', (number, country) => {
  expect(countryOf(number)).toBe(country)
})

it('knows the codes of countries, in upper case only', () => {
  for (const code of ['DE', 'US', 'JM', 'XK', 'HK']) expect(isCountry(code)).toBe(true)
  for (const code of ['de', 'EU', 'UK', '', 'DEU', '49']) expect(isCountry(code)).toBe(false)
})

it('has a country for every code of three digits, but for those that no country has', () => {
  // The zones of E.164: what begins with these digits and is not in the table belongs to no country.
  const unassigned = new Set<string>()
  for (let code = 200; code < 1000; code++) if (countryOf(`+${code}0000000`) === undefined) unassigned.add(String(code))
  const ranges = [...unassigned].filter(
    (code) => !/^(21[0-9]|28|29[2-6]|38[48]|42[24-9]|6[79]|69|80|83|85|87|88|89|97[89]|99)/.test(code),
  )
  expect(ranges).toEqual(['259', '684', '969'])
})
