import { operation } from '../operation.ts'
import { makeRecoveryCodes } from './make-recovery-codes.ts'

/** CreateRecoveryCodes (beyond Cognito): a new set in place of any earlier one, shown this once. */
export const createRecoveryCodes = operation('CreateRecoveryCodes', async (context, { caller, pool }) => ({
  RecoveryCodes: await makeRecoveryCodes(context, pool, caller.user),
}))
