// AssociateSoftwareToken: a new secret for an authenticator app, shown this once. By access token it waits in the database
// until VerifySoftwareToken, and an earlier one works until then; by session it waits in the next session.
// docs/reference/user-pools.md 9.9.
import { operation } from '../operation.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { associateInSession, associateSecret } from './associate-secret.ts'
import { whileSettingUp } from './setting-up.ts'

export const associateSoftwareToken = operation('AssociateSoftwareToken', async (context, { input, caller, pool }) => {
  if (caller.kind === 'user') return { SecretCode: await associateSecret(context, pool as UserPool, caller.user) }
  const { secret, session } = await whileSettingUp(context, input.Session, (settingUp) =>
    associateInSession(context, settingUp),
  )
  return { SecretCode: secret, Session: session }
})
