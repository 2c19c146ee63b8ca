// Who asks, and whether a Principal element means them (docs/reference/identity-pools-sts-iam-sync.md 16.3).
import type { PrincipalElement, PrincipalEntry } from './policy-document.ts'

/**
 * root: of an account. user: an IAM user, by key or by a GetSessionToken session. role-session: an assumed role.
 * federated-user: a GetFederationToken session. federated: who signs in with a token or an assertion, before there are
 * credentials. service: an AWS service. anonymous: no credentials at all.
 */
export type PrincipalKind = 'root' | 'user' | 'role-session' | 'federated-user' | 'federated' | 'service' | 'anonymous'

export interface Principal {
  kind: PrincipalKind
  /** The ARN; of `federated` the provider (its ARN, or `cognito-identity.amazonaws.com`), of `service` its name. */
  arn: string
  /** Undefined for `federated`, `service` and `anonymous`. */
  account?: string
  /** Of `role-session`: with its path. */
  roleArn?: string
  /** Of `federated-user`: the user who called GetFederationToken. */
  userArn?: string
}

/**
 * How a resource's policy means a principal, from weak to strong.
 * account: the account, which leaves the decision to its identity policies. limited: the role, the user behind a session,
 * or everybody; boundary and session policies must agree. direct: this very principal; nothing else is needed.
 */
export type Meaning = 'none' | 'account' | 'limited' | 'direct'

export type PrincipalMatcher = (principal: Principal) => Meaning

const ranks: readonly Meaning[] = ['none', 'account', 'limited', 'direct']
export const stronger = (one: Meaning, other: Meaning): Meaning =>
  ranks.indexOf(one) >= ranks.indexOf(other) ? one : other

export const isAccountId = (text: string): boolean => /^\d{12}$/.test(text)

/** An ARN that may stand in an AWS principal: no wildcards. */
export const isPrincipalArn = (text: string): boolean =>
  /^arn:aws:iam::\d{12}:(root|(user|role)\/[!-~]+)$/.test(text)
    ? !/[*?]/.test(text)
    : /^arn:aws:sts::\d{12}:(assumed-role\/[\w+=,.@-]+|federated-user)\/[\w+=,.@-]+$/.test(text)

/** A Principal element. */
export function compilePrincipal({ entries }: PrincipalElement, effect: 'Allow' | 'Deny'): PrincipalMatcher {
  return (principal) => {
    let meaning: Meaning = 'none'
    for (const entry of entries) meaning = stronger(meaning, meaningOf(entry, principal, effect))
    return meaning
  }
}

/**
 * A NotPrincipal element: everybody but who is named themselves. The account of one who is named, or the role of a session,
 * does not exempt. With Allow it is refused when a policy is stored, and means nobody.
 */
export function compileNotPrincipal({ entries }: PrincipalElement, effect: 'Allow' | 'Deny'): PrincipalMatcher {
  if (effect === 'Allow') return () => 'none'
  return (principal) =>
    entries.some((entry) => entry.value === '*' || meaningOf(entry, principal, effect) === 'direct')
      ? 'none'
      : 'limited'
}

function meaningOf({ type, value }: PrincipalEntry, principal: Principal, effect: 'Allow' | 'Deny'): Meaning {
  if (type === 'Federated') return principal.kind === 'federated' && principal.arn === value ? 'direct' : 'none'
  if (type === 'Service') return principal.kind === 'service' && principal.arn === value ? 'direct' : 'none'
  if (type === 'CanonicalUser') return 'none'
  // Everybody. An Allow for everybody does not let in tokens of any provider: those have to be named.
  if (value === '*') return principal.kind === 'federated' && effect === 'Allow' ? 'none' : 'limited'
  if (principal.account === undefined) return 'none'
  if (principal.arn === value) return 'direct'
  if (principal.roleArn === value || principal.userArn === value) return 'limited'
  return value === principal.account || value === `arn:aws:iam::${principal.account}:root` ? 'account' : 'none'
}
