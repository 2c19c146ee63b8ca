// Holders of inline and attached policies: roles, users and groups. Their operations differ in names only.

import type { Reference } from '../entity-changes.ts'
import type { Entity, RoleSettings } from '../entity-types.ts'
import { protectedRoleError, stillAttachedError, stillHasPoliciesError } from '../iam-errors.ts'
import type { HolderKind } from '../limits.ts'

export type Holder = Entity<HolderKind>
export type HolderReference = Reference<HolderKind>

/** The path of service-linked roles (docs/reference/identity-pools-sts-iam-sync.md 18.2). */
export const SERVICE_ROLE_PATH = '/aws-service-role/'

export const isServiceLinked = ({ path }: Pick<RoleSettings, 'path'>): boolean => path.startsWith(SERVICE_ROLE_PATH)

/** Throws UnmodifiableEntity for a service-linked role: the account cannot change what it may do. */
export function refuseServiceLinked({ kind, settings }: Holder): void {
  if (kind === 'role' && isServiceLinked(settings)) throw protectedRoleError(settings.name)
}

/** Throws DeleteConflict while a role, user or group has policies, which have to be removed before it is deleted. */
export function refuseWithPolicies({ settings: { attachedPolicies, inlinePolicies } }: Holder): void {
  if (attachedPolicies.length > 0) throw stillAttachedError()
  if (Object.keys(inlinePolicies).length > 0) throw stillHasPoliciesError()
}
