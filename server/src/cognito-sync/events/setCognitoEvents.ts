import { enforce } from '../../refusal-rules.ts'
import { changeSyncPool } from '../configuration/sync-pools.ts'
import { operation } from '../operation.ts'
import { eventsRefusal } from './event-rules.ts'

/** Names the function of an event, or none: an empty value removes it (docs/reference/identity-pools-sts-iam-sync.md 19.2). */
export const setCognitoEvents = operation('SetCognitoEvents', async (context, { input, pool, fail }) => {
  enforce(fail, eventsRefusal(input.Events))
  const { SyncTrigger: arn } = input.Events
  await changeSyncPool(context, pool.id, ({ SyncTrigger, ...others }) => {
    if (arn === undefined) return undefined
    return arn === '' ? others : { ...others, SyncTrigger: arn }
  })
})
