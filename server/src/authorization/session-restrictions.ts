// What temporary credentials may never do, whatever policies allow
// (docs/reference/identity-pools-sts-iam-sync.md 15.3). Pure.

import { type SignatureRefusal, unrecognizedClient } from '../sigv4/refusals.ts'
import type { Principal } from './principal.ts'

interface Restriction {
  /** IAM does not know keys that were made without a second factor, and here there is none. */
  iam: boolean
  /** Operations of STS that are open, or those that are closed. */
  sts: { only: readonly string[] } | { never: readonly string[] }
}

const ownSession: Restriction = {
  iam: false,
  sts: { only: ['GetCallerIdentity', 'AssumeRole', 'TagSession', 'SetSourceIdentity'] },
}

const restrictions: Readonly<Record<Principal['kind'], Restriction | undefined>> = {
  // The root by its key: `session` is looked at below.
  root: ownSession,
  user: undefined,
  'user-session': ownSession,
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
  // PassRole is no operation of IAM: other services ask for it, and policies answer.
  if (service === 'iam') return restriction.iam || operation === 'PassRole' ? undefined : unrecognizedClient
  if (service !== 'sts') return undefined
  const { sts } = restriction
  const open = 'only' in sts ? sts.only.includes(operation) : !sts.never.includes(operation)
  return open
    ? undefined
    : { code: 'AccessDeniedException', message: `Cannot call ${operation} with session credentials` }
}
