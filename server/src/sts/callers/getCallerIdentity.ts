import { principalUserId } from '../../authorization/principal.ts'
import { operation } from '../operation.ts'

/** Allowed with any valid credential (docs/reference/identity-pools-sts-iam-sync.md 15.3). */
export const getCallerIdentity = operation('GetCallerIdentity', async (_context, { caller }) => ({
  UserId: principalUserId(caller.accountId, caller.principal),
  Account: caller.accountId,
  Arn: caller.arn,
}))
