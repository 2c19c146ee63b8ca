import { passwordChanged } from '../../events.ts'
import { operation } from '../operation.ts'
import { requireUncompromised } from '../threats/compromised.ts'
import { PASSWORD_REUSED_MESSAGE, passwordProblem } from './password-rules.ts'
import { NO_SUCH_USER_MESSAGE, requireUser } from './require-user.ts'
import { setPassword } from './set-password.ts'
import { nameTakenMessage } from './user-name-rules.ts'
import { NameTaken } from './user-store.ts'

/** AdminSetUserPassword: works in any status, keeps tokens, sends no message (docs/reference/user-pools.md 7.2). */
export const adminSetUserPassword = operation('AdminSetUserPassword', async (context, { input, pool, fail }) => {
  const user = await requireUser(context, pool, input.Username)
  const problem = passwordProblem(pool.settings, input.Password, 'Password does not conform to policy: ')
  if (problem !== undefined) throw fail('InvalidPasswordException', problem)
  await requireUncompromised(context, { pool }, 'PASSWORD_CHANGE', input.Password)
  const status = input.Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD'
  try {
    const outcome = await setPassword(context, pool, user, input.Password, (current) => ({
      user: { ...current, status },
    }))
    if ('user' in outcome) {
      passwordChanged(context, { pool: pool.id, sub: user.sub, by: 'administrator' })
      return {}
    }
    if (outcome.refused === 'used-before')
      throw fail('PasswordHistoryPolicyViolationException', PASSWORD_REUSED_MESSAGE)
    throw fail('UserNotFoundException', NO_SUCH_USER_MESSAGE)
  } catch (error) {
    // Leaving UNCONFIRMED turns the preferred username into an alias, which another user may hold.
    if (error instanceof NameTaken) throw fail('InvalidParameterException', nameTakenMessage(error.kind))
    throw error
  }
})
