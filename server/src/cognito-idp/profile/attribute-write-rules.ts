// Whether a user may change attributes through a client. Pure. The checks on values are users/attribute-rules.ts.
// docs/reference/user-pools.md 6.2, 7.8, 3.3 (Attributes).
import type { AttributeType } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import { mayWrite } from '../user-pool-clients/attribute-permission-rules.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import {
  type Attributes,
  attributeProblem,
  attributesFromList,
  immutableForUserProblem,
  lastSignInNameProblem,
  missingValueProblem,
  requiredDeletionProblem,
} from '../users/attribute-rules.ts'

type WriteRefusal = Refusal<'NotAuthorizedException' | 'InvalidParameterException'>

interface Settings {
  pool: UserPoolSettings
  client: UserPoolClientSettings
}

/**
 * Why a user with the attributes `current` may not write `list`; undefined when the user may. `once` names immutable
 * attributes that a challenge asks the user for, and which may be written.
 */
export function updateRefusal(
  { pool, client }: Settings,
  current: Attributes,
  list: readonly AttributeType[],
  once: readonly string[] = [],
): WriteRefusal | undefined {
  const changes = attributesFromList(list)
  if (!Object.keys(changes).every((name) => mayWrite(client, name))) {
    return { refused: 'NotAuthorizedException', message: 'A client attempted to write unauthorized attribute' }
  }
  const blanks = Object.keys(changes).filter((name) => changes[name] === '')
  const problem =
    missingValueProblem(list) ??
    immutableForUserProblem(pool, changes, once) ??
    attributeProblem(pool, changes, 'user') ??
    requiredDeletionProblem(pool, blanks) ??
    lastSignInNameProblem(pool, current, changes)
  return problem === undefined ? undefined : invalid(problem)
}

/** Why a user may not delete the attributes `names`; undefined when the user may. */
export const deletionRefusal = (settings: Settings, current: Attributes, names: readonly string[]) =>
  updateRefusal(
    settings,
    current,
    names.map((Name) => ({ Name, Value: '' })),
  )
