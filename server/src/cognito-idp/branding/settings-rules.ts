// The settings document of managed login: what it may say, and how changes and defaults are merged. Pure.
// docs/reference/oauth-and-federation.md 17.6; words that it does not have: docs/behaviour/login-pages.md.
import type { Settings } from './branding-store.ts'
import { defaultIdpButton, defaultSettings } from './default-settings.ts'

const MAX_RADIUS = 100
const MAX_PROVIDERS = 300
const COLOUR = /^[0-9a-f]{8}$/i
const PROVIDER_NAME = /^(?!__proto__$)[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,32}$/u

/** A check of a value; the path leads to it in the message. */
type Rule = (value: unknown, path: string) => string | undefined

const oneOf =
  (...words: readonly string[]): Rule =>
  (value, path) =>
    words.includes(value as string) ? undefined : `${path} must be one of ${words.join(', ')}`

const listOf =
  (item: Rule, max: number): Rule =>
  (value, path) => {
    if (!Array.isArray(value) || value.length > max) return `${path} must be a list of at most ${max}`
    return firstProblem(value.map((entry, at) => () => item(entry, `${path}[${at}]`)))
  }

const matching =
  (pattern: RegExp, what: string): Rule =>
  (value, path) =>
    typeof value === 'string' && pattern.test(value) ? undefined : `${path} must be ${what}`

const object =
  (members: Readonly<Record<string, Rule>>): Rule =>
  (value, path) => {
    if (!isObject(value)) return `${path} must be an object`
    return firstProblem(
      Object.keys(value).map((name) => () => {
        const rule = Object.hasOwn(members, name) ? members[name] : undefined
        return rule ? rule(value[name], `${path}.${name}`) : `${path}.${name} is an unknown property`
      }),
    )
  }

/** An object whose names are free, such as those of providers. */
const mapOf =
  (name: Rule, member: Rule): Rule =>
  (value, path) => {
    if (!isObject(value)) return `${path} must be an object`
    if (Object.keys(value).length > MAX_PROVIDERS) return `${path} must have at most ${MAX_PROVIDERS} members`
    return firstProblem(
      Object.entries(value).map(
        ([key, entry]) =>
          () =>
            name(key, `${path} key`) ?? member(entry, `${path}.${key}`),
      ),
    )
  }

const colour = matching(COLOUR, 'a colour of eight hexadecimal digits (RRGGBBAA)')
const flag: Rule = (value, path) => (typeof value === 'boolean' ? undefined : `${path} must be true or false`)
const radius: Rule = (value, path) =>
  typeof value === 'number' && value >= 0 && value <= MAX_RADIUS
    ? undefined
    : `${path} must be a number from 0 to ${MAX_RADIUS}`
const providerName = matching(PROVIDER_NAME, 'the name of an identity provider')

/** The rules that the type of a default value does not tell. */
const RULES: Readonly<Record<string, Rule>> = {
  'categories.auth.authMethodOrder': listOf(
    listOf(object({ display: oneOf('BUTTON', 'INPUT'), type: oneOf('FEDERATED', 'USERNAME_PASSWORD') }), 10),
    10,
  ),
  'categories.auth.federation.interfaceStyle': oneOf('BUTTON_LIST', 'DOMAIN_SEARCH'),
  'categories.auth.federation.order': listOf(providerName, MAX_PROVIDERS),
  'categories.form.location.horizontal': oneOf('START', 'CENTER', 'END'),
  'categories.form.location.vertical': oneOf('START', 'CENTER', 'END'),
  'categories.form.sessionTimerDisplay': oneOf('NONE'),
  'categories.global.colorSchemeMode': oneOf('LIGHT', 'DARK', 'DYNAMIC'),
  'categories.global.spacingDensity': oneOf('COMPACT', 'REGULAR'),
  'categories.signUp.acceptanceElements': listOf(
    object({ enforcement: oneOf('NONE'), textKey: matching(/^[\w-]{1,32}$/, 'the key of a text') }),
    20,
  ),
  'components.favicon.enabledTypes': listOf(oneOf('ICO', 'SVG'), 2),
  'components.form.logo.formInclusion': oneOf('IN', 'OUT'),
  'components.form.logo.location': oneOf('START', 'CENTER', 'END'),
  'components.form.logo.position': oneOf('TOP', 'BOTTOM'),
  'components.idpButton.custom': mapOf(providerName, like(defaultIdpButton)),
  'components.pageFooter.logo.location': oneOf('START', 'CENTER', 'END'),
  'components.pageHeader.logo.location': oneOf('START', 'CENTER', 'END'),
  'components.phoneNumberSelector.displayType': oneOf('TEXT'),
}

/** The rule for what may stand in place of a default: the same members, values of the same kind. `rules` are by path. */
function like(standard: unknown, rules: Readonly<Record<string, Rule>> = {}, place = ''): Rule {
  const rule = rules[place]
  if (rule) return rule
  if (typeof standard === 'boolean') return flag
  if (typeof standard === 'number') return radius
  if (typeof standard === 'string') return colour
  const members = Object.entries(standard as object)
  return object(
    Object.fromEntries(
      members.map(([name, member]) => [name, like(member, rules, place === '' ? name : `${place}.${name}`)]),
    ),
  )
}

const document = like(defaultSettings, RULES)

/** What is wrong with a document, with the path to it; undefined when nothing is. */
export const settingsProblem = (settings: unknown): string | undefined => document(settings, 'Settings')

/** `base` with the members of `changes` over it: objects are merged, all else is replaced. */
export function mergeSettings(base: Settings, changes: Settings): Settings {
  const merged: Record<string, unknown> = { ...base }
  for (const [name, change] of Object.entries(changes)) {
    const before = Object.hasOwn(base, name) ? base[name] : undefined
    merged[name] = isObject(before) && isObject(change) ? mergeSettings(before, change) : change
  }
  return merged
}

/** A style's settings with the defaults for all that it does not set. */
export const withDefaults = (settings: Settings): Settings => mergeSettings(defaultSettings, settings)

const isObject = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function firstProblem(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const problem = check()
    if (problem !== undefined) return problem
  }
  return undefined
}
