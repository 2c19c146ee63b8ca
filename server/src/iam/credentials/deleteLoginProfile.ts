import { operation } from '../operation.ts'
import { refuseLoginProfile } from './no-credentials.ts'

/** Always refused: IAM users have no password here. */
export const deleteLoginProfile = operation('DeleteLoginProfile', (context, { input, caller }) =>
  refuseLoginProfile(context, caller, input.UserName),
)
