import { signUpConfirmed } from '../../events.ts'
import { operation } from '../operation.ts'
import { changeNamedUser } from './require-user.ts'
import { tellConfirmed } from './tell-confirmed.ts'
import { nameTakenMessage } from './user-name-rules.ts'
import { NameTaken } from './user-store.ts'

/** AdminConfirmSignUp: confirms without a code, and verifies no attribute (docs/reference/user-pools.md 5.3, 22). */
export const adminConfirmSignUp = operation('AdminConfirmSignUp', async (context, { input, pool, fail }) => {
  try {
    const user = await changeNamedUser(context, pool, input.Username, (user) => {
      if (user.status === 'UNCONFIRMED') return { user: { ...user, status: 'CONFIRMED' } }
      throw fail('NotAuthorizedException', `User cannot be confirmed. Current status is ${user.status}`)
    })
    signUpConfirmed(context, { pool: pool.id, sub: user.sub, by: 'administrator' })
    const { ClientMetadata: clientMetadata } = input
    await tellConfirmed(context, { pool, user, clientId: undefined, by: 'ConfirmSignUp', clientMetadata })
  } catch (error) {
    // Confirming turns the preferred username into an alias, which another user may hold.
    if (error instanceof NameTaken) throw fail('InvalidParameterException', nameTakenMessage(error.kind))
    throw error
  }
  return {}
})
