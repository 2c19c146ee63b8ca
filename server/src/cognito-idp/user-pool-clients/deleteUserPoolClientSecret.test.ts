import {
  AddUserPoolClientSecretCommand,
  DeleteUserPoolClientSecretCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientSecretsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, useTestServer } from '../../../test/harness.ts'

describe.each(engines)('DeleteUserPoolClientSecret on %s', (engine) => {
  const server = useTestServer({ engine })
  let UserPoolId: string
  beforeAll(async () => {
    UserPoolId = (await makePool(server)).Id
  })
  const remove = (ClientId: string, ClientSecretId: string) =>
    server.admin.send(new DeleteUserPoolClientSecretCommand({ UserPoolId, ClientId, ClientSecretId }))
  const ids = async (ClientId: string) => {
    const command = new ListUserPoolClientSecretsCommand({ UserPoolId, ClientId })
    return ((await server.admin.send(command)).ClientSecrets ?? []).map((secret) => secret.ClientSecretId as string)
  }
  /** A client with two secrets, and the value of the second. */
  const rotating = async () => {
    const { ClientId } = await makeClient(server, UserPoolId, { GenerateSecret: true })
    const { ClientSecretDescriptor } = await server.admin.send(
      new AddUserPoolClientSecretCommand({ UserPoolId, ClientId }),
    )
    return { ClientId, second: ClientSecretDescriptor?.ClientSecretValue }
  }

  it('leaves the other secret, which the client then shows', async () => {
    const { ClientId, second } = await rotating()
    const [older = '', newer] = await ids(ClientId)
    const { $metadata, ...answer } = await remove(ClientId, older)
    expect($metadata.httpStatusCode).toBe(200)
    expect(answer).toEqual({})
    expect(await ids(ClientId)).toEqual([newer])
    const { UserPoolClient } = await server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
    expect(UserPoolClient?.ClientSecret).toBe(second)
  })

  it('refuses the last one', async () => {
    const { ClientId } = await makeClient(server, UserPoolId, { GenerateSecret: true })
    const [only = ''] = await ids(ClientId)
    await expectRefusal(
      remove(ClientId, only),
      'InvalidParameterException',
      'The last active client secret of a client can not be deleted.',
    )
    expect(await ids(ClientId)).toEqual([only])
  })

  it('leaves one when both are deleted at the same time', async () => {
    const { ClientId } = await rotating()
    const results = await Promise.allSettled((await ids(ClientId)).map((id) => remove(ClientId, id)))
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect(await ids(ClientId)).toHaveLength(1)
  })

  it('refuses secrets, clients and pools that do not exist', async () => {
    const { ClientId } = await rotating()
    const { ClientId: publicId } = await makeClient(server, UserPoolId)
    const refused = 'ResourceNotFoundException'
    for (const id of [ClientId, publicId])
      await expectRefusal(remove(id, `${id}--1`), refused, `Client secret ${id}--1 does not exist.`)
    await expectRefusal(remove('nothere', 'x'), refused, 'User pool client nothere does not exist.')
  })

  it('refuses callers that do not sign', async () => {
    const { ClientId } = await rotating()
    const [ClientSecretId] = await ids(ClientId)
    const answer = await server.raw('DeleteUserPoolClientSecret', { UserPoolId, ClientId, ClientSecretId })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
    expect(await ids(ClientId)).toHaveLength(2)
  })
})
