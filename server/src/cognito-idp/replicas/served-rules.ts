// What is served in a region where a user pool is secondary (docs/behaviour/replicas.md). Pure.
import { type CategoryName, rateOf } from '../request-rates/category-rules.ts'
import type { UserPool } from '../user-pools/pool-store.ts'

/**
 * `everywhere`: in every region of a pool. `read`: administrators read, also while the replica is inactive. `use`: what users and
 * applications do without changing a user, once it is active. `write`: in the primary region alone.
 */
export type Kind = 'everywhere' | 'read' | 'use' | 'write'

const kinds: Readonly<Record<CategoryName, Kind>> = {
  UserAuthentication: 'use',
  UserCreation: 'write',
  // Of the pages: sign-ins by identity providers. Of operations: see below.
  UserFederation: 'use',
  UserAccountRecovery: 'write',
  UserRead: 'read',
  UserUpdate: 'write',
  UserToken: 'use',
  UserResourceRead: 'read',
  UserResourceUpdate: 'write',
  UserList: 'read',
  UserPoolRead: 'read',
  UserPoolUpdate: 'write',
  UserPoolResourceRead: 'read',
  UserPoolResourceUpdate: 'write',
  UserPoolClientRead: 'read',
  UserPoolClientUpdate: 'write',
  ClientAuthentication: 'use',
}

/** Operations that are of another kind than their category, or have none. */
const exceptions: Readonly<Record<string, Kind>> = {
  AdminDisableProviderForUser: 'write',
  AdminLinkProviderForUser: 'write',
  // It gives away password hashes: policies on the ARN of the primary region are about all of them.
  ExportUsers: 'write',
  // It sends a code, with which an attribute would be changed.
  GetUserAttributeVerificationCode: 'write',
  // Whoever signs out, or loses a device, does not wait for the primary region.
  AdminRevokeUserSession: 'use',
  AdminUserGlobalSignOut: 'use',
  GlobalSignOut: 'use',
  RevokeUserSession: 'use',
  // The end of a sign-in with a new device, and the mark that threat protection learns from.
  ConfirmDevice: 'use',
  AdminUpdateAuthEventFeedback: 'use',
  UpdateAuthEventFeedback: 'use',
  // What a replica has of its own, and what it is.
  ListTagsForResource: 'everywhere',
  TagResource: 'everywhere',
  UntagResource: 'everywhere',
  UpdateUserPool: 'everywhere',
  ListUserPoolReplicas: 'everywhere',
  UpdateUserPoolReplica: 'everywhere',
  PromoteUserPoolReplica: 'everywhere',
  // They name no pool.
  GetProvisionedLimit: 'everywhere',
  UpdateProvisionedLimit: 'everywhere',
}

/** The kind of an operation. `signed`: whether administrators call it. */
export function kindOf(operation: string, signed: boolean): Kind {
  const category = rateOf(operation)?.category
  const kind = Object.hasOwn(exceptions, operation) ? exceptions[operation] : category && kinds[category]
  // Nobody has said what it does to a pool.
  if (kind === undefined) return 'write'
  return kind === 'read' && !signed ? 'use' : kind
}

/** Whether pages and OAuth endpoints of a category change a user. */
export const isWriteOfPages = (category: CategoryName): boolean => kinds[category] === 'write'

type Seen = Pick<UserPool, 'region' | 'replica'>

/** Why a pool's region refuses what is of this kind, as the text of OperationNotEnabledException; undefined where it does not. */
export function regionProblem({ region, replica }: Seen, kind: Kind): string | undefined {
  if (!replica || kind === 'everywhere') return undefined
  if (kind === 'write')
    return `This operation is not enabled in ${replica.region}, where the user pool is a secondary replica: call its primary region, ${region}.`
  return kind === 'use' && replica.status !== 'ACTIVE'
    ? `This operation is not enabled in ${replica.region}, where the replica of the user pool is not active.`
    : undefined
}

/** Whether new users may be made where a request is served: by sign-ins, which are no writes by themselves. */
export const makesUsers = ({ replica }: Pick<UserPool, 'replica'>): boolean => replica === undefined
