// DescribeRecoveryCodes (beyond Cognito): how many codes the user has left, and when they were made.
import { operation } from '../operation.ts'
import { describeRecoveryCodes as describe } from './recovery-codes.ts'

export const describeRecoveryCodes = operation('DescribeRecoveryCodes', (context, { caller, pool }) =>
  describe(context, pool, caller.user),
)
