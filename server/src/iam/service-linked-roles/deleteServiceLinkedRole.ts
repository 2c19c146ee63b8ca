import { named, removeEntity } from '../entity-changes.ts'
import { deleteLastUsed } from '../last-used-store.ts'
import { operation } from '../operation.ts'
import { deleteAttachment } from '../policies/attachment-store.ts'
import { isServiceLinked } from '../policies/holders.ts'
import { newDeletionTask } from './deletion-task.ts'

/** Deletes the role and its attachments at once, so the deletion task has always succeeded. */
export const deleteServiceLinkedRole = operation('DeleteServiceLinkedRole', async (context, { input, fail }) => {
  const role = await removeEntity(context, named('role', input.RoleName), async ({ id, key, settings }, db) => {
    if (!isServiceLinked(settings))
      throw fail('InvalidInputException', `The role ${settings.name} is not a service-linked role.`)
    for (const policyArn of settings.attachedPolicies)
      await deleteAttachment(db, { entityKey: key, policyArn, use: 'attached' })
    await deleteLastUsed(db, id)
  })
  context.lastUsed.forget(role.id)
  return { DeletionTaskId: newDeletionTask(context, `${role.settings.path}${role.settings.name}`) }
})
