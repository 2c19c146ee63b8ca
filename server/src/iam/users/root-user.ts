import type { User } from '../../contract/iam.types.ts'
import { rootArn } from '../arn-rules.ts'

/**
 * The root as GetUser shows it. The contract requires a name, a path and a date, though the root has none
 * (docs/behaviour/iam.md).
 */
export const rootUser = (accountId: string): User => ({
  Path: '/',
  UserName: 'root',
  UserId: accountId,
  Arn: rootArn(accountId),
  CreateDate: new Date(0),
})
