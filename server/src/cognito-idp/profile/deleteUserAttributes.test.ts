import {
  type CreateUserPoolCommandInput,
  DeleteUserAttributesCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, makeUser, signIn, useTestServer } from '../../../test/harness.ts'

describe.each(engines)('DeleteUserAttributes on %s', (engine) => {
  const server = useTestServer({ engine })

  async function userWith(
    attributes: Record<string, string>,
    settings: Partial<CreateUserPoolCommandInput> = {},
    client = {},
  ) {
    const poolId = (await makePool(server, settings)).Id
    const { ClientId } = await makeClient(server, poolId, client)
    const name = settings.UsernameAttributes ? (attributes.email ?? '+14325551212') : 'ann'
    await makeUser(server, poolId, name, attributes)
    return { ...(await signIn(server, ClientId, name)), clientId: ClientId, poolId }
  }
  const remove = async (AccessToken: string, ...UserAttributeNames: string[]) => {
    const { $metadata: _, ...answer } = await server.app.send(
      new DeleteUserAttributesCommand({ AccessToken, UserAttributeNames }),
    )
    return answer
  }
  const namesLeft = async (AccessToken: string) =>
    (await server.app.send(new GetUserCommand({ AccessToken }))).UserAttributes?.map(({ Name }) => Name)

  it('deletes, an address together with its verification and the alias that it was', async () => {
    const contact = { email: 'ann@example.org', email_verified: 'true' }
    const { AccessToken, clientId } = await userWith(
      { ...contact, name: 'Ann', nickname: 'a' },
      { AliasAttributes: ['email'] },
    )
    expect(await remove(AccessToken, 'email', 'nickname')).toEqual({})
    expect(await namesLeft(AccessToken)).toEqual(['sub', 'name'])
    await expectRefusal(signIn(server, clientId, 'ann@example.org'), 'UserNotFoundException')
  })

  it('accepts an attribute that is not set', async () => {
    const { AccessToken } = await userWith({ name: 'Ann' })
    expect(await remove(AccessToken, 'nickname')).toEqual({})
  })

  it('refuses attributes that are required, fixed or unknown, and then deletes nothing', async () => {
    const Schema = [
      { Name: 'name', Required: true },
      { Name: 'fixed', AttributeDataType: 'String' as const, Mutable: false },
    ]
    const { AccessToken } = await userWith({ name: 'Ann', nickname: 'a', 'custom:fixed': 'x' }, { Schema })
    for (const [name, text] of [
      ['name', 'Invalid user attributes: name: Required attribute cannot be deleted.'],
      ['sub', 'user.sub: Attribute cannot be updated.\n'],
      ['custom:fixed', 'user.custom:fixed: Attribute cannot be updated.\n'],
      ['custom:none', 'user.custom:none: Attribute does not exist in the schema.\n'],
    ] as const) {
      await expectRefusal(remove(AccessToken, 'nickname', name), 'InvalidParameterException', text)
    }
    expect(await namesLeft(AccessToken)).toContain('nickname')
  })

  it('refuses attributes that the client may not write', async () => {
    const { AccessToken } = await userWith({ name: 'Ann', nickname: 'a' }, {}, { WriteAttributes: ['name'] })
    for (const name of ['nickname', 'email_verified']) {
      await expectRefusal(
        remove(AccessToken, name),
        'NotAuthorizedException',
        'A client attempted to write unauthorized attribute',
      )
    }
    await remove(AccessToken, 'name')
  })

  it('refuses the last address that a user is known by', async () => {
    const { AccessToken } = await userWith(
      { email: 'ann@example.org', phone_number: '+14325550001' },
      { UsernameAttributes: ['email', 'phone_number'] },
    )
    await remove(AccessToken, 'phone_number')
    await expectRefusal(
      remove(AccessToken, 'email'),
      'InvalidParameterException',
      'Invalid user attributes: email: Required attribute cannot be deleted.',
    )
  })

  it('refuses what is no access token', async () => {
    const { IdToken } = await userWith({ name: 'Ann' })
    await expectRefusal(remove(IdToken, 'name'), 'NotAuthorizedException', 'Invalid Access Token')
  })
})
