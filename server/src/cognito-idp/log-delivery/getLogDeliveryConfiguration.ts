import { operation } from '../operation.ts'
import { readPool } from '../user-pools/read-pool.ts'

/** GetLogDeliveryConfiguration: what was set, an empty list before (docs/reference/user-pools.md 18.7). */
export const getLogDeliveryConfiguration = operation('GetLogDeliveryConfiguration', async (context, { input }) => {
  const { id: UserPoolId, settings } = await readPool(context, input.UserPoolId)
  return { LogDeliveryConfiguration: { UserPoolId, LogConfigurations: [...(settings.LogConfigurations ?? [])] } }
})
