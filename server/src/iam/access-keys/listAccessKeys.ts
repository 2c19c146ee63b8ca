import { requireEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { emptyPage, pageOfValues } from '../pagination.ts'
import { userOrCaller } from '../users/user-reference.ts'
import { listAccessKeys as listStoredKeys } from './access-key-store.ts'

/** Without secrets. The root's own key is part of the configuration: it is shown to the root, and cannot be changed. */
export const listAccessKeys = operation('ListAccessKeys', async (context, { input, caller }) => {
  if (input.UserName === undefined && caller.principal.kind === 'root') {
    const AccessKeyId = context.administrator.accessKeyId
    return { AccessKeyMetadata: [{ AccessKeyId, Status: 'Active' as const }], ...emptyPage }
  }
  const user = await requireEntity(context.db, userOrCaller(caller, input.UserName))
  const keys = await listStoredKeys(context.db, user.key)
  const scope = { operation: 'ListAccessKeys', request: [user.key] }
  const { entries, end } = pageOfValues(context, scope, input, keys, (key) => key.accessKeyId)
  return {
    AccessKeyMetadata: entries.map(({ accessKeyId, status, createdAt }) => ({
      UserName: user.settings.name,
      AccessKeyId: accessKeyId,
      Status: status,
      CreateDate: new Date(createdAt),
    })),
    ...end,
  }
})
