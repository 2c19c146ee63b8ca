import { operation } from '../operation.ts'
import { configurationOf } from './configuration-type.ts'

/** What SetIdentityPoolConfiguration set (docs/reference/identity-pools-sts-iam-sync.md 19.2). */
export const getIdentityPoolConfiguration = operation('GetIdentityPoolConfiguration', async ({ syncPools }, { pool }) =>
  configurationOf(pool.id, (await syncPools.get(pool.id)).settings),
)
