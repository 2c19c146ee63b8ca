import { operation } from '../operation.ts'
import { updateKeyStatus } from './access-key-store.ts'
import { changeAccessKey } from './change-key.ts'

/** An inactive key is refused at once, at other processes within a second. */
export const updateAccessKey = operation('UpdateAccessKey', async (context, { input, caller, fail }) => {
  const { Status: status } = input
  if (status === 'Expired') throw fail('ValidationError', 'The status of an access key is Active or Inactive.')
  await changeAccessKey(context, caller, input, (db, key) => updateKeyStatus(db, { ...key, status }))
})
