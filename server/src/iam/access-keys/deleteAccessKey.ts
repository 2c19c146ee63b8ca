import { deleteLastUsed } from '../last-used-store.ts'
import { operation } from '../operation.ts'
import { deleteAccessKey as deleteStoredKey } from './access-key-store.ts'
import { changeAccessKey } from './change-key.ts'

/** The key is refused at once, at other processes within a second. */
export const deleteAccessKey = operation('DeleteAccessKey', async (context, { input, caller }) => {
  await changeAccessKey(context, caller, input, async (db, key) => {
    await deleteLastUsed(db, key.accessKeyId)
    return deleteStoredKey(db, key)
  })
  context.lastUsed.forget(input.AccessKeyId)
})
