import type { User } from '../../contract/iam.types.ts'
import { rootArn } from '../arn-rules.ts'

/** What the contract wants at least of an id. The service answers the account's 12 digits all the same. */
const SHORTEST_ID = 16

/**
 * The root as GetUser shows it. It has no name, path or date of its own, and the contract wants all three
 * (docs/behaviour/iam.md).
 */
export const rootUser = (accountId: string): User => ({
  Path: '/',
  UserName: 'root',
  UserId: accountId.padStart(SHORTEST_ID, '0'),
  Arn: rootArn(accountId),
  CreateDate: new Date(0),
})
