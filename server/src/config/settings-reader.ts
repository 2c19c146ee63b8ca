// Settings by name, as the groups of the configuration read them: trimmed, checked, defaults from the table in env.ts.
// Nothing throws: what is wrong is collected in `problems`, and a value of the right type goes on in its place.
import { type AddressSet, parseAddressRanges } from './address-ranges.ts'
import { type HostSet, parseHosts } from './allowed-hosts.ts'
import { type Environment, type Variable, type VariableName, variables } from './env.ts'

/** The variables whose default in the table is a value, not a description. */
type WithDefault = {
  [Name in VariableName]: (typeof variables)[Name] extends { default: string } ? Name : never
}[VariableName]

export interface SettingsReader {
  readonly problems: readonly string[]
  report(problem: string): void
  /** The value, if it is set and not blank. */
  text(name: VariableName): string | undefined
  /** The value or its default, which must be valid: `expected` ends the sentence "… must be". */
  checked(name: WithDefault, valid: (value: string) => boolean, expected: string): string
  /** The value or its default. */
  wholeNumber(name: WithDefault, min: number, max: number): number
  url(name: VariableName, protocols: readonly string[]): string | undefined
  /** Two settings of which neither is of use alone. */
  together(first: VariableName, second: VariableName): readonly [string, string] | undefined
  /** Items between commas. */
  list(name: VariableName): string[]
  /** Addresses and CIDR ranges, or those of the default; `always` belong to the set whatever is set. */
  addresses(name: VariableName, always?: string): AddressSet
  hosts(name: VariableName): HostSet
}

export function createSettingsReader(env: Environment): SettingsReader {
  const problems: string[] = []
  const report = (problem: string): void => void problems.push(problem)
  const text = (name: VariableName): string | undefined => {
    const value = env[name]?.trim()
    return value === '' ? undefined : value
  }
  const checked: SettingsReader['checked'] = (name, valid, expected) => {
    const value = text(name) ?? ((variables[name] as Variable).default as string)
    if (!valid(value)) report(`${name} is '${value}' but must be ${expected}.`)
    return value
  }
  return {
    problems,
    report,
    text,
    checked,
    wholeNumber: (name, min, max) =>
      Number(
        checked(
          name,
          (value) => /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max,
          `a whole number from ${min} to ${max}`,
        ),
      ),
    url(name, protocols) {
      const value = text(name)
      if (value === undefined) return undefined
      if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value
      report(`${name} must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}.`)
      return undefined
    },
    together(first, second) {
      const values = [text(first), text(second)]
      if (values[0] !== undefined && values[1] !== undefined) return [values[0], values[1]]
      if (values[0] !== undefined || values[1] !== undefined)
        report(`${first} and ${second} go together: set both or neither.`)
      return undefined
    },
    list: (name) => (text(name) ?? '').split(',').flatMap((item) => item.trim() || []),
    addresses(name, always = '') {
      const set = parseAddressRanges(`${always}, ${text(name) ?? (variables[name] as Variable).default ?? ''}`)
      if (!set) report(`${name} must be addresses or CIDR ranges, separated by commas, such as 10.0.0.0/8.`)
      return set ?? { empty: true, has: () => false }
    },
    hosts(name) {
      const set = parseHosts(text(name) ?? '')
      if (!set) report(`${name} must be host names, addresses or CIDR ranges, separated by commas.`)
      return set ?? { hasName: () => false, hasAddress: () => false }
    },
  }
}
