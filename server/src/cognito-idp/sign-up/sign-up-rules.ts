// Whether a sign-up is allowed, and the username and attributes that it gives. Pure. That the names are free is checked
// by writing them (users/user-store.ts). The order of the checks is that of docs/reference/user-pools.md 3.1;
// docs/behaviour/sign-up.md says what was chosen where the service's own behaviour is not known.
import type { SignUpRequest } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import { mayWrite } from '../user-pool-clients/attribute-permission-rules.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import {
  type Attributes,
  attributeProblem,
  attributesFromList,
  immutableProblem,
  mergeAttributes,
  missingRequiredProblem,
  missingValueProblem,
} from '../users/attribute-rules.ts'
import { nameNewUser, needsNoPassword } from '../users/new-user-rules.ts'
import { passwordProblem } from '../users/password-rules.ts'

type SignUpRefusal = Refusal<'NotAuthorizedException' | 'InvalidParameterException' | 'InvalidPasswordException'>

export interface AdmittedSignUp {
  username: string
  attributes: Attributes
  /** Undefined for a user who signs in by codes alone. */
  password: string | undefined
}

const UNAUTHORIZED_ATTRIBUTE = 'A client attempted to write unauthorized attribute'
const NO_PASSWORD =
  "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null"
const PREFERRED_USERNAME_TOO_EARLY =
  'Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.'

/** The username and attributes of the new user with `sub`, or why the sign-up is refused. */
export function decideSignUp(
  pool: UserPoolSettings,
  client: UserPoolClientSettings,
  sub: string,
  input: Pick<SignUpRequest, 'Username' | 'Password' | 'UserAttributes'>,
): AdmittedSignUp | SignUpRefusal {
  if (pool.AdminCreateUserConfig?.AllowAdminCreateUserOnly) {
    return { refused: 'NotAuthorizedException', message: 'SignUp is not permitted for this user pool' }
  }
  const given = attributesFromList(input.UserAttributes)
  if (!Object.keys(given).every((name) => mayWrite(client, name))) {
    return { refused: 'NotAuthorizedException', message: UNAUTHORIZED_ATTRIBUTE }
  }
  const named = nameNewUser(pool, sub, input.Username, given)
  if ('refused' in named) return named
  const { username, attributes } = named
  if (input.Password === undefined && !needsNoPassword(pool, attributes)) return invalid(NO_PASSWORD)
  const weak = input.Password === undefined ? undefined : passwordProblem(pool, input.Password)
  if (weak !== undefined) return { refused: 'InvalidPasswordException', message: weak }
  const problem =
    missingValueProblem(input.UserAttributes) ??
    immutableProblem(pool, {}, attributes) ??
    attributeProblem(pool, attributes, 'new user') ??
    missingRequiredProblem(pool, attributes) ??
    (given.preferred_username && pool.AliasAttributes?.includes('preferred_username')
      ? PREFERRED_USERNAME_TOO_EARLY
      : undefined)
  if (problem !== undefined) return invalid(problem)
  return { username, password: input.Password, attributes: mergeAttributes(unverified(attributes), attributes) }
}

/** The flags that mark the contacts of a new user as unverified. */
function unverified(attributes: Attributes): Attributes {
  const flags: Record<string, string> = {}
  for (const contact of ['email', 'phone_number']) if (attributes[contact]) flags[`${contact}_verified`] = 'false'
  return flags
}
