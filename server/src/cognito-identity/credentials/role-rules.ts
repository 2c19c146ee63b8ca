// Chooses the role for the credentials of an identity (docs/reference/identity-pools-sts-iam-sync.md 7).
// Pure.
import type { MappingRule, MappingRuleMatchType, RoleMapping } from '../../contract/cognito-identity.types.ts'
import type { VerifiedLogin } from '../identities/verified-login.ts'
import type { IdentityPoolSettings } from '../identity-pools/pool-settings.ts'

export interface RoleRequest {
  settings: Pick<IdentityPoolSettings, 'Roles' | 'RoleMappings'>
  /** In the order of the request; empty for a token of the identity pool itself, to which no mapping applies. */
  logins: readonly Pick<VerifiedLogin, 'claims' | 'mappingNames' | 'ownRoles'>[]
  customRoleArn?: string | undefined
}

export type RoleChoice =
  | { roleArn: string; refused?: undefined }
  /** The pool has no authenticated role. */
  | { refused: 'no-role' }
  /** The provider's role mapping gives none, and its AmbiguousRoleResolution is Deny. */
  | { refused: 'ambiguous' }
  /** The caller may not choose the role in CustomRoleArn. */
  | { refused: 'custom-role' }

/** Of several logins the first that has a mapping counts (docs/reference/identity-pools-sts-iam-sync.md 26.9). */
export function chooseRole({ settings, logins, customRoleArn }: RoleRequest): RoleChoice {
  const authenticated = ownMember(settings.Roles, 'authenticated')
  for (const login of logins) {
    const mapping = mappingOf(settings, login.mappingNames)
    if (mapping) return byMapping(mapping, login.claims, authenticated, customRoleArn)
  }
  if (customRoleArn !== undefined && customRoleArn !== authenticated) {
    const isOffered = logins.some(({ ownRoles }) => ownRoles?.includes(customRoleArn))
    return isOffered ? { roleArn: customRoleArn } : { refused: 'custom-role' }
  }
  return authenticated === undefined ? { refused: 'no-role' } : { roleArn: authenticated }
}

/** Guests have one role and no choice. */
export function guestRole({ Roles }: Pick<IdentityPoolSettings, 'Roles'>): string | undefined {
  return ownMember(Roles, 'unauthenticated')
}

function mappingOf({ RoleMappings }: Pick<IdentityPoolSettings, 'RoleMappings'>, names: readonly string[]) {
  const name = names.find((each) => RoleMappings && Object.hasOwn(RoleMappings, each))
  return name === undefined ? undefined : RoleMappings?.[name]
}

function byMapping(
  mapping: RoleMapping,
  claims: VerifiedLogin['claims'],
  authenticated: string | undefined,
  customRoleArn: string | undefined,
): RoleChoice {
  const found = mapping.Type === 'Token' ? byToken(claims, customRoleArn) : byRules(mapping, claims, customRoleArn)
  if (found !== undefined) return { roleArn: found }
  if (customRoleArn !== undefined) return { refused: 'custom-role' }
  if (mapping.AmbiguousRoleResolution !== 'AuthenticatedRole') return { refused: 'ambiguous' }
  return authenticated === undefined ? { refused: 'no-role' } : { roleArn: authenticated }
}

function byToken(claims: VerifiedLogin['claims'], customRoleArn: string | undefined): string | undefined {
  const roles = rolesIn(ownMember(claims, 'cognito:roles'))
  if (customRoleArn !== undefined) return roles.includes(customRoleArn) ? customRoleArn : undefined
  const preferred = ownMember(claims, 'cognito:preferred_role')
  if (typeof preferred === 'string' && preferred !== '') return preferred
  return roles.length === 1 ? roles[0] : undefined
}

/** The roles in a claim: a list in tokens of user pools, text separated by commas in others. */
function rolesIn(claim: unknown): string[] {
  const roles = Array.isArray(claim) ? claim : typeof claim === 'string' ? claim.split(',') : []
  return [
    ...new Set(roles.filter((role): role is string => typeof role === 'string').map((role) => role.trim())),
  ].filter((role) => role !== '')
}

function byRules(
  { RulesConfiguration }: RoleMapping,
  claims: VerifiedLogin['claims'],
  customRoleArn: string | undefined,
): string | undefined {
  const rules = RulesConfiguration?.Rules ?? []
  return rules.find((rule) => (customRoleArn === undefined || rule.RoleARN === customRoleArn) && isMatch(rule, claims))
    ?.RoleARN
}

/** A rule does not match when its claim is missing, NotEqual included. */
function isMatch({ Claim, MatchType, Value }: MappingRule, claims: VerifiedLogin['claims']): boolean {
  const claim = ownMember(claims, Claim)
  if (claim === undefined || claim === null) return false
  return matchers[MatchType](claimText(claim), Value, claim)
}

/**
 * Comparison is case-sensitive, without wildcards. Of a list its JSON text is compared; Contains also finds its
 * members.
 */
const matchers: {
  readonly [Type in MappingRuleMatchType]: (text: string, value: string, claim: unknown) => boolean
} = {
  Equals: (text, value) => text === value,
  NotEqual: (text, value) => text !== value,
  StartsWith: (text, value) => text.startsWith(value),
  Contains: (text, value, claim) => (Array.isArray(claim) && claim.includes(value)) || text.includes(value),
}

/** The text of a claim; a list of one value, as SAML attributes are, counts as that value. */
function claimText(claim: unknown): string {
  if (Array.isArray(claim) && claim.length === 1) return claimText(claim[0])
  return typeof claim === 'string' ? claim : JSON.stringify(claim)
}

function ownMember<Value>(members: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return members && Object.hasOwn(members, name) ? members[name] : undefined
}
