import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { changeClientSettings } from '../user-pool-clients/read-client.ts'
import { changePoolSettings } from '../user-pools/read-pool.ts'
import { rangesRefusal } from './address-lists.ts'
import { newRiskConfiguration, riskConfigurationRefusal, riskConfigurationType } from './risk-configuration-rules.ts'

/**
 * SetRiskConfiguration: of a pool, or of one app client, for which it takes the place of the pool's
 * (docs/reference/user-pools.md 15).
 */
export const setRiskConfiguration = operation('SetRiskConfiguration', async (context, { input, pool, fail }) => {
  enforce(fail, rangesRefusal(input.RiskExceptionConfiguration))
  const RiskConfiguration = newRiskConfiguration(input, context.clock.now())
  const { UserPoolId, ClientId } = input
  if (ClientId === undefined)
    await changePoolSettings(context, UserPoolId, (settings) => {
      enforce(fail, riskConfigurationRefusal(settings, input))
      return { ...settings, RiskConfiguration }
    })
  else {
    enforce(fail, riskConfigurationRefusal(pool.settings, input))
    await changeClientSettings(context, { UserPoolId, ClientId }, (settings) => ({ ...settings, RiskConfiguration }))
  }
  return { RiskConfiguration: riskConfigurationType(input, RiskConfiguration) }
})
