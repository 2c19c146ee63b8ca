// A stored user in the API's form.
import type { UserType } from '../../contract/cognito-idp.types.ts'
import { attributeList } from './attribute-rules.ts'
import { mfaSettings } from './mfa-settings.ts'
import type { StoredUser } from './user-store.ts'

/**
 * UserType of ListUsers, ListUsersInGroup and AdminCreateUser. `only`: the requested attributes, to which `sub` is
 * added.
 */
export function userType(user: StoredUser, only?: readonly string[]): UserType {
  const attributes = attributeList(user)
  const { MFAOptions } = mfaSettings(user)
  return {
    Username: user.username,
    Attributes:
      only && only.length > 0 ? attributes.filter(({ Name }) => Name === 'sub' || only.includes(Name)) : attributes,
    UserCreateDate: new Date(user.createdAt),
    UserLastModifiedDate: new Date(user.updatedAt),
    Enabled: user.enabled,
    UserStatus: user.status,
    ...(MFAOptions && { MFAOptions }),
  }
}
