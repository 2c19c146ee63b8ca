// AdminDeleteRecoveryCodes (beyond Cognito): DeleteRecoveryCodes for any user, such as one whose codes were seen.
import { recoveryCodesDeleted } from '../../events.ts'
import { operation } from '../operation.ts'
import { requireUser } from '../users/require-user.ts'
import { deleteRecoveryCodes } from './recovery-code-store.ts'

export const adminDeleteRecoveryCodes = operation('AdminDeleteRecoveryCodes', async (context, { input, pool }) => {
  const user = await requireUser(context, pool, input.Username)
  const removed = await deleteRecoveryCodes(context.db, user)
  if (removed) recoveryCodesDeleted(context, { pool: pool.id, sub: user.sub, by: 'administrator' })
  return {}
})
