// What a PreTokenGeneration trigger changes in the claims of tokens. Pure. docs/reference/user-pools.md 13.6.
import type { ClaimChanges, Groups, TokenChanges } from '../../triggers/events/pre-token-generation.ts'
import { preferredRole, rolesOf, sortByPrecedence } from '../groups/group-rules.ts'
import type { Group } from '../groups/group-store.ts'

type Claims = Readonly<Record<string, unknown>>

/** Claims of every token that no function changes; its attempts have no effect. */
const OF_BOTH = [
  'acr',
  'amr',
  'at_hash',
  'auth_time',
  'azp',
  'exp',
  'iat',
  'iss',
  'jti',
  'nbf',
  'nonce',
  'origin_jti',
  'token_use',
  'sub',
  'event_id',
]
const OF_ID = new Set([...OF_BOTH, 'identities', 'aud'])
const OF_ACCESS = new Set([...OF_BOTH, 'username', 'client_id', 'scope', 'device_key', 'version', 'cnf'])

const isFixedInId = (name: string): boolean => OF_ID.has(name) || name.startsWith('cognito:')
/** Groups of an access token are changed as groups. */
const isFixedInAccess = (name: string): boolean => OF_ACCESS.has(name) || name.startsWith('cognito:')

/** The user's own groups, as the trigger gets them. */
export const groupConfiguration = (groups: readonly Group[]): Groups => ({
  groupsToOverride: sortByPrecedence(groups).map(({ name }) => name),
  iamRolesToOverride: rolesOf(groups),
  preferredRole: preferredRole(groups),
})

/** The claims of an ID token after the changes. */
export function changedIdClaims(claims: Claims, { idToken, groups }: TokenChanges): Claims {
  return withChanges(withGroups(claims, groups, true), idToken, isFixedInId, () => true)
}

/** The claims of an access token after the changes; its client may be its audience, and nobody else. */
export function changedAccessClaims(claims: Claims, { accessToken, groups }: TokenChanges): Claims {
  const changed = withChanges(
    withGroups(claims, groups, false),
    accessToken,
    isFixedInAccess,
    (name, value) => name !== 'aud' || value === claims['client_id'],
  )
  const scope = changedScopes(String(claims['scope']).split(' '), accessToken).join(' ')
  return { ...changed, scope }
}

/** Scopes without suppressed ones, and with added ones that are no scopes of the service itself. */
function changedScopes(
  scopes: readonly string[],
  { scopesToAdd, scopesToSuppress }: TokenChanges['accessToken'],
): string[] {
  const added = scopesToAdd.filter(
    (scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope) && !scope.startsWith('aws.cognito'),
  )
  const all = new Set([...scopes.filter((scope) => scope !== ''), ...added])
  return [...all].filter((scope) => !scopesToSuppress.includes(scope))
}

/** Suppressing wins over adding; claims of developers (`dev:`) can be suppressed alone. */
function withChanges(
  claims: Claims,
  { claimsToAddOrOverride, claimsToSuppress }: ClaimChanges,
  isFixed: (name: string) => boolean,
  mayBe: (name: string, value: unknown) => boolean,
): Claims {
  const added = Object.entries(claimsToAddOrOverride).filter(
    ([name, value]) => !isFixed(name) && !name.startsWith('dev:') && value !== null && mayBe(name, value),
  )
  const suppressed = new Set(claimsToSuppress.filter((name) => !isFixed(name)))
  return Object.fromEntries([...Object.entries(claims), ...added].filter(([name]) => !suppressed.has(name)))
}

function withGroups(claims: Claims, groups: Groups | undefined, withRoles: boolean): Claims {
  if (!groups) return claims
  const { 'cognito:groups': _, 'cognito:roles': _roles, 'cognito:preferred_role': _role, ...others } = claims
  const { groupsToOverride, iamRolesToOverride, preferredRole } = groups
  return {
    ...others,
    ...(groupsToOverride.length > 0 && { 'cognito:groups': groupsToOverride }),
    ...(withRoles && iamRolesToOverride.length > 0 && { 'cognito:roles': iamRolesToOverride }),
    ...(withRoles && preferredRole !== undefined && { 'cognito:preferred_role': preferredRole }),
  }
}
