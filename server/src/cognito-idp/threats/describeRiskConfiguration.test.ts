import { DescribeRiskConfigurationCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, it } from 'vitest'
import { expectRefusal, makeClient, makePool, useTestServer } from '../../../test/harness.ts'

// What it shows is setRiskConfiguration.test.ts.
describe('DescribeRiskConfiguration', () => {
  const server = useTestServer()

  it('an app client of another pool is none of this one', async () => {
    const { Id: UserPoolId } = await makePool(server)
    const { ClientId } = await makeClient(server, (await makePool(server)).Id)
    await expectRefusal(
      server.admin.send(new DescribeRiskConfigurationCommand({ UserPoolId, ClientId })),
      'ResourceNotFoundException',
      `User pool client ${ClientId} does not exist.`,
    )
  })
})
