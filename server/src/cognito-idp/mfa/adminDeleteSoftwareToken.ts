import { softwareTokenRemoved } from '../../events.ts'
import { operation } from '../operation.ts'
import { dropUnneededCodes } from '../recovery-codes/recovery-codes.ts'
import { withoutSoftwareToken } from '../users/mfa-settings.ts'
import { changeNamedUser } from '../users/require-user.ts'
import { deleteSoftwareToken } from './software-token-store.ts'

/**
 * AdminDeleteSoftwareToken: forgets the user's authenticator app, for a user who has lost it; one that is not there is no
 * error (docs/reference/user-pools.md 9.9).
 */
export const adminDeleteSoftwareToken = operation('AdminDeleteSoftwareToken', async (context, { input, pool }) => {
  const changed = await changeNamedUser(context, pool, input.Username, (user) => {
    const without = { ...user, mfa: withoutSoftwareToken(user.mfa) }
    return {
      user: without,
      after: async (db) => {
        await deleteSoftwareToken(db, user)
        await dropUnneededCodes(db, pool, without)
      },
    }
  })
  softwareTokenRemoved(context, { pool: pool.id, sub: changed.sub })
  return {}
})
