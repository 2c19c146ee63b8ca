import { operation } from '../operation.ts'

/** What SetCognitoEvents set (docs/reference/identity-pools-sts-iam-sync.md 19.2). */
export const getCognitoEvents = operation('GetCognitoEvents', async ({ syncPools }, { pool }) => {
  const { SyncTrigger } = (await syncPools.get(pool.id)).settings
  const Events: Record<string, string> = SyncTrigger === undefined ? {} : { SyncTrigger }
  return { Events }
})
