// Levels of assurance at OpenID Connect providers: AcrMapping has a provider's name of each level. Pure.
// docs/reference/oauth-and-federation.md 13.
import type { Level } from '../../cognito-idp/sign-in/assurance-rules.ts'

/** What a provider says of how its user has signed in there. */
export interface Assurance {
  readonly level: Level
  /** Claim amr: methods by the names that ID tokens of the pool have. */
  readonly amr: readonly string[]
}

type AcrMapping = Readonly<Record<string, string>> | undefined

const nameOf = (mapping: AcrMapping, level: Level): string | undefined => mapping?.[`Level${level}`]

/** `acr_values` for a provider, the most wanted first; undefined where it has a name for none of the levels. */
export const wantedValues = (mapping: AcrMapping, levels: readonly Level[]): string | undefined =>
  levels
    .map((level) => nameOf(mapping, level))
    .filter((name) => name !== undefined)
    .join(' ') || undefined

/** RFC 8176 2, as far as the pool's own ID tokens have them; of other methods is known that they were the provider's. */
const METHODS = ['pwd', 'otp', 'sms', 'swk', 'hwk', 'mfa']

/** What an ID token says: the highest level with its `acr`, the lowest where none has; `fed` where it names no method. */
export function assuranceOf(mapping: AcrMapping, claims: Readonly<Record<string, unknown>>): Assurance {
  const { acr, amr } = claims
  const level = DOWNWARDS.find((one) => nameOf(mapping, one) !== undefined && nameOf(mapping, one) === acr) ?? 1
  const methods = Array.isArray(amr) ? METHODS.filter((method) => amr.includes(method)) : []
  return { level, amr: methods.length === 0 ? ['fed'] : methods }
}

const DOWNWARDS: readonly Level[] = [4, 3, 2, 1]

/** Whether the provider has a name for the first of the levels that it can give, and that is higher than `reached`. */
export function couldGiveMore(mapping: AcrMapping, levels: readonly Level[], reached: Level): boolean {
  const first = levels.find((level) => level <= reached || nameOf(mapping, level) !== undefined)
  return first !== undefined && first > reached
}
