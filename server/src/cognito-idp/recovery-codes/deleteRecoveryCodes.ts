// DeleteRecoveryCodes (beyond Cognito): the user's codes are good no more; to have none is no error. It works also where
// the pool has turned recovery codes off again.
import { recoveryCodesDeleted } from '../../events.ts'
import { operation } from '../operation.ts'
import { deleteRecoveryCodes as remove } from './recovery-code-store.ts'

export const deleteRecoveryCodes = operation('DeleteRecoveryCodes', async (context, { caller: { user }, pool }) => {
  if (await remove(context.db, user)) recoveryCodesDeleted(context, { pool: pool.id, sub: user.sub, by: 'user' })
  return {}
})
