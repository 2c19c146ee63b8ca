// AcrConfiguration: the names of levels of assurance (acr values). Pure. docs/reference/user-pools.md 18.10.
import type { AcrLevelConfigType } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'

export type AcrConfiguration = Readonly<Record<string, AcrLevelConfigType>>

const defaults: AcrConfiguration = {
  Level1: { AcrValue: 'urn:cognito:loa:1' },
  Level2: { AcrValue: 'urn:cognito:loa:2' },
  Level3: { AcrValue: 'urn:cognito:loa:3' },
  Level4: { AcrValue: 'urn:cognito:loa:4' },
}

/** All four levels, with the pool's names or else the defaults. */
export const withDefaultNames = (given: AcrConfiguration): Record<string, AcrLevelConfigType> => ({
  ...defaults,
  ...given,
})

// No blanks, quotes or backslashes: OpenID Connect sends acr values in lists separated by blanks.
const ACR_VALUE = /^[^\s'"\\]{1,64}$/u

export function acrRefusal(given: AcrConfiguration): Refusal | undefined {
  const unknown = Object.keys(given).find((level) => !Object.hasOwn(defaults, level))
  if (unknown !== undefined) return invalid(`AcrConfiguration has the unknown level ${unknown}.`)
  const values = Object.values(withDefaultNames(given)).map(({ AcrValue }) => AcrValue)
  if (!values.every((value) => ACR_VALUE.test(value)))
    return invalid('An AcrValue must have 1 to 64 characters, without blanks, quotes and backslashes.')
  return new Set(values).size < values.length
    ? invalid('Every AcrValue of a user pool must be another one.')
    : undefined
}
