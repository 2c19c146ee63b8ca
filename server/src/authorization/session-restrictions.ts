// What temporary credentials may never do, whatever policies allow
// (docs/reference/identity-pools-sts-iam-sync.md 15.3). Pure.

import { type SignatureRefusal, unrecognizedClient } from '../sigv4/refusals.ts'
import type { Principal } from './principal.ts'

interface Restriction {
  /**
   * Whether IAM accepts the credentials. It accepts those of users and the root only with a second factor (MFA), which
   * does not exist here.
   */
  iam: boolean
  /** The only operations of STS that are allowed, or those that are refused. */
  sts: { only: readonly string[] } | { never: readonly string[] }
}

const userSession: Restriction = {
  iam: false,
  sts: { only: ['GetCallerIdentity', 'AssumeRole', 'TagSession', 'SetSourceIdentity'] },
}

const restrictions: Readonly<Record<Principal['kind'], Restriction | undefined>> = {
  // For temporary credentials of the root. Its access key has no session, so sessionRestriction passes it.
  root: userSession,
  user: undefined,
  'user-session': userSession,
  'role-session': { iam: true, sts: { never: ['GetSessionToken', 'GetFederationToken'] } },
  'federated-user': { iam: false, sts: { only: ['GetCallerIdentity'] } },
}

/** Why credentials of this kind cannot be used for `service:Operation`; undefined when they can. */
export function sessionRestriction(
  { kind, session }: Pick<Principal, 'kind' | 'session'>,
  action: string,
): { code: SignatureRefusal['code'] | 'AccessDeniedException'; message: string } | undefined {
  const restriction = restrictions[kind]
  if (!session || !restriction) return undefined
  const [service, operation = ''] = action.split(':')
  // iam:PassRole is a permission, not an operation: other services check it.
  if (service === 'iam') return restriction.iam || operation === 'PassRole' ? undefined : unrecognizedClient
  if (service !== 'sts') return undefined
  const { sts } = restriction
  const isAllowed = 'only' in sts ? sts.only.includes(operation) : !sts.never.includes(operation)
  return isAllowed
    ? undefined
    : { code: 'AccessDeniedException', message: `Cannot call ${operation} with session credentials` }
}
