// The columns of an import's file. Pure. docs/reference/user-pools.md 16; docs/behaviour/user-import.md.
import type { PasswordHashingAlgorithmType } from '../../contract/cognito-idp.types.ts'
import { requiredAttributes } from '../user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'

export const USERNAME = 'cognito:username'
export const MFA_ENABLED = 'cognito:mfa_enabled'
export const PASSWORD_HASH = 'cognito:password_hash'

/** The columns that a file for the pool may have: its attributes, then those of the service. */
export const csvHeader = (settings: UserPoolSettings): string[] => [
  ...settings.SchemaAttributes.map(({ Name = '' }) => Name).filter((name) => name !== 'sub'),
  MFA_ENABLED,
  USERNAME,
]

/** What is wrong with the columns of a file, as the job's CompletionMessage; undefined when nothing is. */
export function headerProblem(
  settings: UserPoolSettings,
  algorithm: PasswordHashingAlgorithmType | undefined,
  columns: readonly string[],
): string | undefined {
  const hash = algorithm === undefined ? [] : [PASSWORD_HASH]
  const known = new Set([...csvHeader(settings), ...hash])
  const unknown = columns.find((column) => !known.has(column))
  if (unknown !== undefined)
    return `The header of the file does not match the user pool: there is no attribute ${shown(unknown)}.`
  const twice = columns.find((column, i) => columns.indexOf(column) !== i)
  if (twice !== undefined) return `The header of the file has the column ${twice} twice.`
  const missing = [USERNAME, MFA_ENABLED, ...hash, ...requiredAttributes(settings)].find(
    (column) => !columns.includes(column),
  )
  return missing === undefined ? undefined : `The header of the file has no column ${missing}.`
}

/** The start of a name that may be anything, such as the first bytes of a ZIP file. */
const shown = (name: string): string => JSON.stringify(name.slice(0, 32).replaceAll(/[^\x20-\x7e]/g, '?'))
