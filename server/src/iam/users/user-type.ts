import type { User as UserType } from '../../contract/iam.types.ts'
import { entityArn } from '../arn-rules.ts'
import type { User } from '../entity-types.ts'
import { boundaryType } from '../policies/boundary-type.ts'

/** A user as lists and GetGroup show it. */
export const listedUser = (accountId: string, user: User): UserType => ({
  Path: user.settings.path,
  UserName: user.settings.name,
  UserId: user.id,
  Arn: entityArn(accountId, user),
  CreateDate: new Date(user.createdAt),
})

/** A user as CreateUser and GetUser show it: with its boundary and tags, if there are any. */
export function userType(accountId: string, user: User): UserType {
  const { tags, boundaryArn } = user.settings
  const PermissionsBoundary = boundaryType(boundaryArn)
  return {
    ...listedUser(accountId, user),
    ...(PermissionsBoundary && { PermissionsBoundary }),
    ...(tags.length > 0 && { Tags: tags }),
  }
}
