import type { User } from '../../contract/iam.types.ts'
import { rootArn } from '../arn-rules.ts'

/**
 * The root as GetUser shows it. It has no name, path or date of its own, and the contract wants all three
 * (docs/behaviour/iam.md).
 */
export const rootUser = (accountId: string): User => ({
  Path: '/',
  UserName: 'root',
  UserId: accountId,
  Arn: rootArn(accountId),
  CreateDate: new Date(0),
})
