// AdminDescribeRecoveryCodes (beyond Cognito): DescribeRecoveryCodes for any user. Nobody can be shown the codes.
import { operation } from '../operation.ts'
import { requireUser } from '../users/require-user.ts'
import { describeRecoveryCodes } from './recovery-codes.ts'

export const adminDescribeRecoveryCodes = operation('AdminDescribeRecoveryCodes', async (context, { input, pool }) =>
  describeRecoveryCodes(context, pool, await requireUser(context, pool, input.Username)),
)
