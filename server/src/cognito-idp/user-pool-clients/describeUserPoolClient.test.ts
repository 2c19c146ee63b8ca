import { DescribeUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, useTestServer } from '../../../test/harness.ts'

describe.each(engines)('DescribeUserPoolClient on %s', (engine) => {
  const server = useTestServer({ engine })
  const read = (UserPoolId: string, ClientId: string) =>
    server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))

  it('shows what CreateUserPoolClient answered, with the secret', async () => {
    const { Id } = await makePool(server)
    const client = await makeClient(server, Id, { GenerateSecret: true })
    expect((await read(Id, client.ClientId)).UserPoolClient).toStrictEqual(client)
    expect(client.ClientSecret).toBeDefined()
  })

  it('refuses a client that does not exist or is of another pool', async () => {
    const [one, other] = await Promise.all([makePool(server), makePool(server)])
    const { ClientId } = await makeClient(server, one.Id)
    const text = (id: string) => `User pool client ${id} does not exist.`
    await expectRefusal(read(one.Id, 'nothere'), 'ResourceNotFoundException', text('nothere'))
    await expectRefusal(read(other.Id, ClientId), 'ResourceNotFoundException', text(ClientId))
  })

  it('refuses a pool that does not exist', () =>
    expectRefusal(
      read('us-east-1_nothere12', 'x'),
      'ResourceNotFoundException',
      'User pool us-east-1_nothere12 does not exist.',
    ))

  it('refuses callers that do not sign', async () => {
    const { Id } = await makePool(server)
    const { ClientId } = await makeClient(server, Id)
    const answer = await server.raw('DescribeUserPoolClient', { UserPoolId: Id, ClientId })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
