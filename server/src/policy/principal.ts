// The principal of a request, and how Principal elements match it (docs/reference/identity-pools-sts-iam-sync.md 16.3).
import type { PrincipalElement, PrincipalEntry } from './policy-document.ts'

/**
 * root: of an account. user: an IAM user, by key or by a GetSessionToken session. role-session: an assumed role.
 * federated-user: a GetFederationToken session. federated: a user with a token or an assertion who has no
 * credentials yet. service: an AWS service. anonymous: no credentials at all.
 */
export type PrincipalKind = 'root' | 'user' | 'role-session' | 'federated-user' | 'federated' | 'service' | 'anonymous'

export interface Principal {
  kind: PrincipalKind
  /** The ARN; for `federated` the provider (its ARN, or `cognito-identity.amazonaws.com`), for `service` its name. */
  arn: string
  /** Undefined for `federated`, `service` and `anonymous`. */
  account?: string
  /** For `role-session`: the ARN of the role, with its path. */
  roleArn?: string
  /** For `federated-user`: the user who called GetFederationToken. */
  userArn?: string
}

/**
 * How a resource's policy matches a principal, from weak to strong. account: by its account, so its identity policies
 * have to allow as well. limited: by its role, by the user of its session, or by `*`; boundary and session policies
 * have to allow. direct: by its own ARN; no other policy has to allow.
 */
export type Meaning = 'none' | 'account' | 'limited' | 'direct'

export type PrincipalMatcher = (principal: Principal) => Meaning

const ranks: readonly Meaning[] = ['none', 'account', 'limited', 'direct']
export const stronger = (one: Meaning, other: Meaning): Meaning =>
  ranks.indexOf(one) >= ranks.indexOf(other) ? one : other

export const isAccountId = (text: string): boolean => /^\d{12}$/.test(text)

/** Whether a text is an ARN that an AWS principal may name: without wildcards. */
export const isPrincipalArn = (text: string): boolean =>
  /^arn:aws:iam::\d{12}:(root|(user|role)\/[!-~]+)$/.test(text)
    ? !/[*?]/.test(text)
    : /^arn:aws:sts::\d{12}:(assumed-role\/[\w+=,.@-]+|federated-user)\/[\w+=,.@-]+$/.test(text)

/** The matcher of a Principal element. */
export function compilePrincipal({ entries }: PrincipalElement, effect: 'Allow' | 'Deny'): PrincipalMatcher {
  return (principal) => {
    let meaning: Meaning = 'none'
    for (const entry of entries) meaning = stronger(meaning, meaningOf(entry, principal, effect))
    return meaning
  }
}

/**
 * The matcher of a NotPrincipal element: every principal but those whose own ARN is named. Naming the account of a
 * principal, or the role of a session, does not exempt it. With Allow it is refused when a policy is stored, and
 * matches nobody.
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
  // `*` matches every principal, except that in an Allow federated ones have to be named by their provider.
  if (value === '*') return principal.kind === 'federated' && effect === 'Allow' ? 'none' : 'limited'
  if (principal.account === undefined) return 'none'
  if (principal.arn === value) return 'direct'
  if (principal.roleArn === value || principal.userArn === value) return 'limited'
  return value === principal.account || value === `arn:aws:iam::${principal.account}:root` ? 'account' : 'none'
}
