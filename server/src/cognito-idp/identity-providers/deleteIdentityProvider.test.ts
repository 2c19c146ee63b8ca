import {
  CreateIdentityProviderCommand,
  DeleteIdentityProviderCommand,
  DescribeIdentityProviderCommand,
  DescribeUserPoolClientCommand,
  GetIdentityProviderByIdentifierCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, useTestServer } from '../../../test/harness.ts'
import { GOOGLE } from '../../../test/upstream-providers.ts'

describe.each(engines)('DeleteIdentityProvider on %s', (engine) => {
  const server = useTestServer({ engine })

  const make = async (UserPoolId?: string) => {
    const id = UserPoolId ?? (await makePool(server)).Id
    const input = { UserPoolId: id, ...GOOGLE, IdpIdentifiers: ['example.com'] }
    await server.admin.send(new CreateIdentityProviderCommand(input))
    return id
  }
  const remove = (UserPoolId: string, ProviderName = 'Google') =>
    server.admin.send(new DeleteIdentityProviderCommand({ UserPoolId, ProviderName }))
  const NONE = 'Identity provider Google does not exist.'

  it('deletes the provider with its identifiers, and both may be used again', async () => {
    const UserPoolId = await make()
    const { $metadata, ...answer } = await remove(UserPoolId)
    expect($metadata.httpStatusCode).toBe(200)
    expect(answer).toEqual({})
    const show = new DescribeIdentityProviderCommand({ UserPoolId, ProviderName: 'Google' })
    await expectRefusal(server.admin.send(show), 'ResourceNotFoundException', NONE)
    const find = new GetIdentityProviderByIdentifierCommand({ UserPoolId, IdpIdentifier: 'example.com' })
    await expectRefusal(server.admin.send(find), 'ResourceNotFoundException')
    await make(UserPoolId)
  })

  it('leaves its name with clients, whose next update may not name it', async () => {
    const UserPoolId = await make()
    const SupportedIdentityProviders = ['COGNITO', 'Google']
    const { ClientId } = await makeClient(server, UserPoolId, { SupportedIdentityProviders })
    await remove(UserPoolId)
    const { UserPoolClient } = await server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
    expect(UserPoolClient?.SupportedIdentityProviders).toEqual(SupportedIdentityProviders)
    const update = (names: string[]) =>
      server.admin.send(new UpdateUserPoolClientCommand({ UserPoolId, ClientId, SupportedIdentityProviders: names }))
    await expectRefusal(
      update(SupportedIdentityProviders),
      'InvalidParameterException',
      `The provider Google does not exist for User Pool ${UserPoolId}.`,
    )
    await update(['COGNITO'])
  })

  it('succeeds for one of two at once; ResourceNotFoundException for the other, and for one of another pool', async () => {
    const UserPoolId = await make()
    await expectRefusal(remove((await makePool(server)).Id), 'ResourceNotFoundException', NONE)
    const outcomes = await Promise.allSettled([remove(UserPoolId), remove(UserPoolId)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expectRefusal(remove(UserPoolId), 'ResourceNotFoundException', NONE)
  })

  it('refuses an unsigned call', async () => {
    const UserPoolId = await make()
    const { json } = await server.raw('DeleteIdentityProvider', { UserPoolId, ProviderName: 'Google' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    await remove(UserPoolId)
  })
})
