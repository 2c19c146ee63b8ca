import { enforce, firstRefusal } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { changePoolSettings } from '../user-pools/read-pool.ts'
import { type TierRefusal, tierRefusal } from '../user-pools/tier-rules.ts'
import { logConfigurationsRefusal } from './log-delivery-rules.ts'

/** SetLogDeliveryConfiguration: replaces the list; an empty one ends all delivery (docs/reference/user-pools.md 18.7). */
export const setLogDeliveryConfiguration = operation(
  'SetLogDeliveryConfiguration',
  async (context, { input: { UserPoolId, LogConfigurations }, fail }) => {
    enforce(fail, logConfigurationsRefusal(LogConfigurations))
    await changePoolSettings(context, UserPoolId, (before) => {
      const settings = { ...before, LogConfigurations }
      // The tier stays as it is, so that no change of it can be refused.
      enforce(
        fail as (error: TierRefusal['refused'], message: string) => Error,
        firstRefusal<TierRefusal['refused']>([() => tierRefusal(settings)]),
      )
      context.unservedNotices.notePool({ id: UserPoolId, settings })
      return settings
    })
    return { LogDeliveryConfiguration: { UserPoolId, LogConfigurations } }
  },
)
