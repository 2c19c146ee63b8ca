// VerifySoftwareToken: the first code of a new secret makes it the user's software token (docs/reference/user-pools.md 9.9).
// By session the user goes on to answer MFA_SETUP; by access token the token is a second factor once SetUserMFAPreference
// turns it on, or where the pool requires one.
import { operation } from '../operation.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { whileSettingUp } from './setting-up.ts'
import { verifyInSession, verifySecret } from './verify-secret.ts'

export const verifySoftwareToken = operation(
  'VerifySoftwareToken',
  async (context, { input, caller, pool, remoteAddress: address }) => {
    const given = { code: input.UserCode, deviceName: input.FriendlyDeviceName, address }
    if (caller.kind === 'user') {
      await verifySecret(context, pool as UserPool, caller.user, given)
      return { Status: 'SUCCESS' }
    }
    const Session = await whileSettingUp(context, input.Session, (settingUp) =>
      verifyInSession(context, settingUp, given),
    )
    return { Status: 'SUCCESS', Session }
  },
)
