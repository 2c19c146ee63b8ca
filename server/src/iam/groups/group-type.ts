import type { Group as GroupType } from '../../contract/iam.types.ts'
import { entityArn } from '../arn-rules.ts'
import type { Group } from '../entity-types.ts'

export const groupType = (accountId: string, group: Group): GroupType => ({
  Path: group.settings.path,
  GroupName: group.settings.name,
  GroupId: group.id,
  Arn: entityArn(accountId, group),
  CreateDate: new Date(group.createdAt),
})
