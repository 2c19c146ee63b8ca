import { operation } from '../operation.ts'
import { readClient } from '../user-pool-clients/read-client.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { riskConfigurationType } from './risk-configuration-rules.ts'

/** DescribeRiskConfiguration: what is stored of the pool, or of the app client (docs/reference/user-pools.md 15). */
export const describeRiskConfiguration = operation('DescribeRiskConfiguration', async (context, { input }) => {
  const { UserPoolId, ClientId } = input
  const { settings } =
    ClientId === undefined ? await readPool(context, UserPoolId) : await readClient(context, UserPoolId, ClientId)
  return { RiskConfiguration: riskConfigurationType(input, settings.RiskConfiguration) }
})
