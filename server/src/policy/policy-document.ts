// A parsed policy document, in which single values are lists. policy-grammar.ts parses it, policy-checks.ts checks it
// before it is stored, compile-policy.ts compiles it for evaluation.

const OLD_VERSION = '2008-10-17'
const CURRENT_VERSION = '2012-10-17'

/**
 * identity: a policy of a user, group or role, a boundary, or a session policy. trust: the policy of a role that says
 * who may assume it. resource: the policy of any other resource.
 */
export type PolicyKind = 'identity' | 'trust' | 'resource'

export const principalTypes = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const
export type PrincipalType = (typeof principalTypes)[number]

export interface PrincipalEntry {
  type: PrincipalType
  value: string
}

export interface PrincipalElement {
  /** Principal: "*" rather than an object. */
  bare: boolean
  entries: readonly PrincipalEntry[]
}

export interface Condition {
  operator: string
  key: string
  values: readonly string[]
}

export interface Statement {
  sid?: string
  /** As written: `Allow`, `Deny`, or a mistake that the checks name. */
  effect?: string
  principal?: PrincipalElement
  notPrincipal?: PrincipalElement
  action?: readonly string[]
  notAction?: readonly string[]
  resource?: readonly string[]
  notResource?: readonly string[]
  condition?: readonly Condition[]
}

export interface PolicyDocument {
  version?: string
  id?: string
  statements: readonly Statement[]
}

/** A document without a version has the old one. */
export const isKnownVersion = ({ version }: PolicyDocument): boolean =>
  version === undefined || version === OLD_VERSION || version === CURRENT_VERSION

/** Only the current version has variables: in the old one `${` is text. */
export const isCurrentVersion = ({ version }: PolicyDocument): boolean => version === CURRENT_VERSION
