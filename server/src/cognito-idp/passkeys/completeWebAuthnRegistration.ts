// CompleteWebAuthnRegistration: verifies what the authenticator made and keeps its public half.
// docs/reference/user-pools.md 11.2, 11.4.
import { operation } from '../operation.ts'
import { completeRegistration } from './complete-registration.ts'

export const completeWebAuthnRegistration = operation(
  'CompleteWebAuthnRegistration',
  async (context, { input, caller, pool, client }) => {
    await completeRegistration(context, { pool, client }, caller.user, input.Credential)
    return {}
  },
)
