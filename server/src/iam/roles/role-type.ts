import type { RoleLastUsed, Role as RoleType } from '../../contract/iam.types.ts'
import { entityArn } from '../arn-rules.ts'
import type { Role } from '../entity-types.ts'
import { boundaryType } from '../policies/boundary-type.ts'
import { encodePolicy } from '../policies/document-encoding-rules.ts'

/**
 * A role as CreateRole shows it, without MaxSessionDuration and RoleLastUsed
 * (docs/reference/identity-pools-sts-iam-sync.md 18.3).
 */
export function createdRole(accountId: string, role: Role): RoleType {
  const { path, name, trustPolicy, description, boundaryArn, tags } = role.settings
  const PermissionsBoundary = boundaryType(boundaryArn)
  return {
    Path: path,
    RoleName: name,
    RoleId: role.id,
    Arn: entityArn(accountId, role),
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodePolicy(trustPolicy),
    ...(description !== undefined && { Description: description }),
    ...(PermissionsBoundary && { PermissionsBoundary }),
    ...(tags.length > 0 && { Tags: tags }),
  }
}

/** A role as lists show it: without boundary, tags and RoleLastUsed. */
export function listedRole(accountId: string, role: Role): RoleType {
  const { PermissionsBoundary: _boundary, Tags: _tags, ...listed } = createdRole(accountId, role)
  return { ...listed, MaxSessionDuration: role.settings.maxSessionSeconds }
}

/** A role as UpdateRoleDescription shows it. */
export const describedRole = (accountId: string, role: Role): RoleType => ({
  ...createdRole(accountId, role),
  MaxSessionDuration: role.settings.maxSessionSeconds,
})

/** A role as GetRole shows it. A role that was never used has an empty RoleLastUsed. */
export const roleType = (accountId: string, role: Role, lastUsed: RoleLastUsed): RoleType => ({
  ...describedRole(accountId, role),
  RoleLastUsed: lastUsed,
})
