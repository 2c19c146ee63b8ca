import { createHmac } from 'node:crypto'
import {
  AddUserPoolClientSecretCommand,
  DescribeUserPoolClientCommand,
  ForgotPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, useTestServer } from '../../../test/harness.ts'

const OWN = 'a_secret_of_our_own+24chars'

describe.each(engines)('AddUserPoolClientSecret on %s', (engine) => {
  const server = useTestServer({ engine })
  let UserPoolId: string
  beforeAll(async () => {
    UserPoolId = (await makePool(server)).Id
  })
  const add = async (ClientId: string, ClientSecret?: string) =>
    (await server.admin.send(new AddUserPoolClientSecretCommand({ UserPoolId, ClientId, ClientSecret })))
      .ClientSecretDescriptor
  const confidential = async () => {
    const { ClientId, ClientSecret } = await makeClient(server, UserPoolId, { GenerateSecret: true })
    return { ClientId, ClientSecret: ClientSecret as string }
  }

  it('makes a secret and shows it once', async () => {
    const { ClientId, ClientSecret } = await confidential()
    const added = await add(ClientId)
    expect(added).toStrictEqual({
      ClientSecretId: expect.stringMatching(new RegExp(`^${ClientId}--\\d+$`)),
      ClientSecretValue: expect.stringMatching(/^[a-z0-9]{51}$/),
      ClientSecretCreateDate: expect.any(Date),
    })
    const { UserPoolClient } = await server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
    expect(UserPoolClient?.ClientSecret).toBe(ClientSecret)
  })

  it('takes a secret and does not show it', async () => {
    const added = await add((await confidential()).ClientId, OWN)
    expect(Object.keys(added ?? {}).sort()).toEqual(['ClientSecretCreateDate', 'ClientSecretId'])
  })

  it('lets calls prove themselves by either secret from the answer on', async () => {
    const { ClientId, ClientSecret } = await confidential()
    const call = (secret: string) => {
      const SecretHash = createHmac('sha256', secret).update(`nobody${ClientId}`).digest('base64')
      return server.app.send(new ForgotPasswordCommand({ ClientId, Username: 'nobody', SecretHash }))
    }
    const wrong = ['NotAuthorizedException', `Unable to verify secret hash for client ${ClientId}`] as const
    await expectRefusal(call(OWN), ...wrong)
    await add(ClientId, OWN)
    for (const secret of [ClientSecret, OWN]) {
      const error = await call(secret).catch((thrown) => thrown.name)
      expect(error).not.toBe('NotAuthorizedException')
    }
  })

  it('refuses a third', async () => {
    const { ClientId } = await confidential()
    await add(ClientId)
    await expectRefusal(
      add(ClientId),
      'LimitExceededException',
      'A client can not have more than 2 active client secrets.',
    )
  })

  it('refuses one of two that come at the same time to a client that has one', async () => {
    const { ClientId } = await confidential()
    const results = await Promise.allSettled([add(ClientId), add(ClientId)])
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect(results.find((result) => result.status === 'rejected')?.reason.name).toBe('LimitExceededException')
  })

  it('refuses a public client', async () => {
    const { ClientId } = await makeClient(server, UserPoolId)
    await expectRefusal(
      add(ClientId),
      'InvalidParameterException',
      'A client secret can not be added to a client that was made without one.',
    )
  })

  it('refuses a secret that is too short, and clients and pools that do not exist', async () => {
    const { ClientId } = await confidential()
    await expectRefusal(
      add(ClientId, 'short'),
      'InvalidParameterException',
      "1 validation error detected: Value at 'clientSecret' failed to satisfy constraint: Member must have length greater than or equal to 24",
    )
    await expectRefusal(add('nothere'), 'ResourceNotFoundException', 'User pool client nothere does not exist.')
  })

  it('refuses callers that do not sign', async () => {
    const { ClientId } = await confidential()
    const answer = await server.raw('AddUserPoolClientSecret', { UserPoolId, ClientId })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
