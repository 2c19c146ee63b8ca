import { operation } from '../operation.ts'
import { refuseLoginProfile } from './no-credentials.ts'

/** Users sign in to nothing here: they have access keys, and no password. */
export const deleteLoginProfile = operation('DeleteLoginProfile', (context, { input, caller }) =>
  refuseLoginProfile(context, caller, input.UserName),
)
