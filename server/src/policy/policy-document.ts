// A policy document as it was read, scalars made lists. `policy-grammar.ts` reads it, `policy-checks.ts` says whether it
// may be stored, `compile-policy.ts` makes something that decides.

const OLD_VERSION = '2008-10-17'
const CURRENT_VERSION = '2012-10-17'

/**
 * identity: attached to a user, group or role, a boundary, or a session policy. trust: of a role, says who may assume it.
 * resource: of any other resource.
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

/** A document that names no version is of the old one. */
export const isKnownVersion = ({ version }: PolicyDocument): boolean =>
  version === undefined || version === OLD_VERSION || version === CURRENT_VERSION

/** The version that knows variables: in others `${` is text. */
export const isCurrentVersion = ({ version }: PolicyDocument): boolean => version === CURRENT_VERSION
