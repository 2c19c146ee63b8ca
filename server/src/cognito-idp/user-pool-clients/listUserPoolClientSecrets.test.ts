import {
  AddUserPoolClientSecretCommand,
  ListUserPoolClientSecretsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, useTestServer } from '../../../test/harness.ts'

describe.each(engines)('ListUserPoolClientSecrets on %s', (engine) => {
  const server = useTestServer({ engine })
  let UserPoolId: string
  beforeAll(async () => {
    UserPoolId = (await makePool(server)).Id
  })
  const list = (ClientId: string, NextToken?: string) =>
    server.admin.send(new ListUserPoolClientSecretsCommand({ UserPoolId, ClientId, NextToken }))

  it('lists secrets, oldest first, without their values', async () => {
    const { ClientId, CreationDate } = await makeClient(server, UserPoolId, { GenerateSecret: true })
    const { ClientSecretDescriptor: added } = await server.admin.send(
      new AddUserPoolClientSecretCommand({ UserPoolId, ClientId }),
    )
    const { $metadata, ...answer } = await list(ClientId)
    expect(answer).toStrictEqual({
      ClientSecrets: [
        {
          ClientSecretId: `${ClientId}--${CreationDate?.getTime()}`,
          ClientSecretCreateDate: CreationDate,
        },
        { ClientSecretId: added?.ClientSecretId, ClientSecretCreateDate: added?.ClientSecretCreateDate },
      ],
    })
  })

  it('lists none of a public client', async () => {
    const { ClientId } = await makeClient(server, UserPoolId)
    const { $metadata, ...answer } = await list(ClientId)
    expect(answer).toEqual({ ClientSecrets: [] })
  })

  it('refuses tokens, which it never gives, and clients that do not exist', async () => {
    const { ClientId } = await makeClient(server, UserPoolId)
    await expectRefusal(list(ClientId, 'x'), 'InvalidParameterException', 'Invalid pagination token')
    await expectRefusal(list('nothere'), 'ResourceNotFoundException', 'User pool client nothere does not exist.')
  })

  it('refuses callers that do not sign', async () => {
    const { ClientId } = await makeClient(server, UserPoolId, { GenerateSecret: true })
    const answer = await server.raw('ListUserPoolClientSecrets', { UserPoolId, ClientId })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
