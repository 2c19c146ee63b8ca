// AcrConfiguration: the names of levels of assurance (acr values). Pure. docs/reference/user-pools.md 18.10.
import type { AcrLevelConfigType } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import type { Level } from '../sign-in/assurance-rules.ts'

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

type Settings = { readonly AcrConfiguration?: AcrConfiguration | undefined }

/** The name of a level of assurance in a pool: the claim acr. */
export const acrOf = ({ AcrConfiguration }: Settings, level: Level): string =>
  withDefaultNames(AcrConfiguration ?? {})[`Level${level}`]?.AcrValue as string

/** The levels that acr values name, in their order; unknown ones are passed over. */
export const levelsOf = (settings: Settings, values: readonly string[]): readonly Level[] =>
  values.flatMap((value) => LEVELS.filter((level) => acrOf(settings, level) === value))

export const LEVELS: readonly Level[] = [1, 2, 3, 4]

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
