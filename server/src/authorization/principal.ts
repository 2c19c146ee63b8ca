// The principal that a signature authenticates: the account's root, a user, or a session of a role, a user or a
// federated user.
import type { Role, User } from '../iam/entity-types.ts'
import type { Session } from './session-token.ts'

export type Principal =
  | { kind: 'root'; session?: Session }
  | { kind: 'user'; user: User; session?: undefined }
  /** Temporary credentials of a user (GetSessionToken). */
  | { kind: 'user-session'; user: User; session: Session }
  | { kind: 'role-session'; role: Role; session: Session }
  /**
   * Temporary credentials of GetFederationToken under a name that the caller chose; `user` is undefined for the root.
   */
  | { kind: 'federated-user'; user: User | undefined; session: Session }

/** `UserId` of GetCallerIdentity and `aws:userid` (docs/reference/identity-pools-sts-iam-sync.md 15.3). */
export function principalUserId(accountId: string, principal: Principal): string {
  switch (principal.kind) {
    case 'root':
      return accountId
    case 'role-session':
      return `${principal.role.id}:${principal.session.name}`
    case 'federated-user':
      return `${accountId}:${principal.session.name}`
    default:
      return principal.user.id
  }
}
