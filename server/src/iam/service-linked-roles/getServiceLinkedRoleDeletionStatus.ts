import { operation } from '../operation.ts'
import { isDeletionTask } from './deletion-task.ts'

/** Every task has succeeded (deletion-task.ts). */
export const getServiceLinkedRoleDeletionStatus = operation(
  'GetServiceLinkedRoleDeletionStatus',
  async (context, { input, fail }) => {
    if (!isDeletionTask(context, input.DeletionTaskId))
      throw fail('NoSuchEntityException', `The deletion task ${input.DeletionTaskId} cannot be found.`)
    return { Status: 'SUCCEEDED' as const }
  },
)
