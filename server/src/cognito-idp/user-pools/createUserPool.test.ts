import { CreateUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, makeClient, useTestServer } from '../../../test/harness.ts'

describe.each(engines)('CreateUserPool on %s', (engine) => {
  const server = useTestServer({ engine })
  it('makes a pool', async () => {
    const { UserPool } = await server.admin.send(new CreateUserPoolCommand({ PoolName: 'x' }))
    console.log(JSON.stringify(UserPool))
    console.log(await makeClient(server, UserPool!.Id!))
    expect(UserPool?.Id).toBeDefined()
  })
})
