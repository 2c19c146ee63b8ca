// A stored group in the API's form: members that were never set are left out.
import type { GroupType } from '../../contract/cognito-idp.types.ts'
import type { Group } from './group-store.ts'

export const groupType = (group: Group): GroupType => ({
  GroupName: group.name,
  UserPoolId: group.userPoolId,
  Description: group.description,
  RoleArn: group.roleArn,
  Precedence: group.precedence,
  LastModifiedDate: new Date(group.updatedAt),
  CreationDate: new Date(group.createdAt),
})
