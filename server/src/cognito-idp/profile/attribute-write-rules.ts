// May a user change these attributes through this client? Pure. User-pools reference 3.3 (Attributes), 6.2, 7.8.
import type { AttributeType } from '../../contract/cognito-idp.types.ts'
import { mayWrite } from '../user-pool-clients/attribute-permission-rules.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import { hasUsernameAttributes, type UserPoolSettings } from '../user-pools/pool-settings.ts'
import {
  type Attributes,
  attributeProblem,
  attributesFromList,
  immutableProblem,
  mergeAttributes,
  missingValueProblem,
  requiredDeletionProblem,
} from '../users/attribute-rules.ts'

export interface WriteRefusal {
  name: 'NotAuthorizedException' | 'InvalidParameterException'
  message: string
}

interface Settings {
  pool: UserPoolSettings
  client: UserPoolClientSettings
}

/** Why a user with the attributes `current` may not write `list`; undefined when nothing is in the way. */
export function updateRefusal(
  { pool, client }: Settings,
  current: Attributes,
  list: readonly AttributeType[],
): WriteRefusal | undefined {
  const changes = attributesFromList(list)
  if (!Object.keys(changes).every((name) => mayWrite(client, name))) {
    return { name: 'NotAuthorizedException', message: 'A client attempted to write unauthorized attribute' }
  }
  const blanks = Object.keys(changes).filter((name) => changes[name] === '')
  const problem =
    missingValueProblem(list) ??
    immutableProblem(pool, current, changes) ??
    attributeProblem(pool, changes) ??
    requiredDeletionProblem(pool, blanks) ??
    lastNameProblem(pool, current, changes, blanks)
  return problem === undefined ? undefined : { name: 'InvalidParameterException', message: problem }
}

/** Why a user may not delete the attributes `names`. */
export const deletionRefusal = (settings: Settings, current: Attributes, names: readonly string[]) =>
  updateRefusal(
    settings,
    current,
    names.map((Name) => ({ Name, Value: '' })),
  )

// Who signs in by address or number, and deletes the last one, could never sign in again.
function lastNameProblem(
  pool: UserPoolSettings,
  current: Attributes,
  changes: Attributes,
  blanks: readonly string[],
): string | undefined {
  if (!hasUsernameAttributes(pool)) return undefined
  const names: readonly string[] = pool.UsernameAttributes ?? []
  const merged = mergeAttributes(current, changes)
  const deleted = blanks.find((name) => names.includes(name) && current[name] !== undefined)
  if (deleted === undefined || names.some((name) => merged[name])) return undefined
  return `Invalid user attributes: ${deleted}: Required attribute cannot be deleted.`
}
