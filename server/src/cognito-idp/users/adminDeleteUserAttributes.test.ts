import {
  AdminDeleteUserAttributesCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  type SchemaAttributeType,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, makeUser, usePool, useTestServer } from '../../../test/harness.ts'

const Schema: SchemaAttributeType[] = [
  { Name: 'given_name', Required: true },
  { Name: 'fixed', AttributeDataType: 'String', Mutable: false },
  { Name: 'level', AttributeDataType: 'String', Mutable: true, DeveloperOnlyAttribute: true },
]

describe('AdminDeleteUserAttributes', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: { AliasAttributes: ['email'], Schema } })

  const remove = (Username: string, UserAttributeNames: string[]) =>
    server.admin.send(new AdminDeleteUserAttributesCommand({ UserPoolId: at.poolId, Username, UserAttributeNames }))
  const attributesOf = async (Username: string) => {
    const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username }))
    return Object.fromEntries((user.UserAttributes ?? []).map(({ Name, Value }) => [Name, Value]))
  }

  it('deletes attributes, with an address its verification and the alias', async () => {
    const attributes = { email: 'ann@example.com', email_verified: 'true', name: 'Ann', 'dev:custom:level': '1' }
    const sub = await makeUser(server, at.poolId, 'ann', { given_name: 'A', ...attributes })
    await remove('ann@example.com', ['email', 'dev:custom:level'])
    expect(await attributesOf('ann')).toEqual({ sub, given_name: 'A', name: 'Ann' })
    await expectRefusal(attributesOf('ann@example.com'), 'UserNotFoundException')
    await makeUser(server, at.poolId, 'next', { email: 'ann@example.com', email_verified: 'true' })
  })

  it('accepts attributes that the user does not have', async () => {
    const sub = await makeUser(server, at.poolId, 'bare')
    await remove('bare', ['nickname', 'picture'])
    expect(await attributesOf('bare')).toEqual({ sub })
  })

  it.each([
    ['custom:none', 'user.custom:none: Attribute does not exist in the schema.\n'],
    ['__proto__', 'user.__proto__: Attribute does not exist in the schema.\n'],
    ['given_name', 'Invalid user attributes: given_name: Required attribute cannot be deleted.'],
    ['sub', 'user.sub: Attribute cannot be updated.\n'],
    ['custom:fixed', 'user.custom:fixed: Attribute cannot be updated.\n'],
  ])('InvalidParameterException for %s', async (name, message) => {
    const user = `user-${name.replaceAll(':', '-')}`
    await makeUser(server, at.poolId, user, { given_name: 'A', nickname: 'N', 'custom:fixed': '1' })
    const before = await attributesOf(user)
    await expectRefusal(remove(user, ['nickname', name]), 'InvalidParameterException', message)
    expect(await attributesOf(user)).toEqual(before)
  })

  it('InvalidParameterException for the last address by which a user is known', async () => {
    const pool = await makePool(server, { UsernameAttributes: ['email', 'phone_number'] })
    const Username = await makeUser(server, pool.Id, 'last@example.com', { phone_number: '+15550500001' })
    const drop = (name: string) =>
      server.admin.send(
        new AdminDeleteUserAttributesCommand({ UserPoolId: pool.Id, Username, UserAttributeNames: [name] }),
      )
    await drop('email')
    const message = 'Invalid user attributes: phone_number: Required attribute cannot be deleted.'
    await expectRefusal(drop('phone_number'), 'InvalidParameterException', message)
    const UserAttributes = [{ Name: 'phone_number', Value: '' }]
    const update = new AdminUpdateUserAttributesCommand({ UserPoolId: pool.Id, Username, UserAttributes })
    await expectRefusal(server.admin.send(update), 'InvalidParameterException', message)
  })

  it('UserNotFoundException for an unknown user', async () => {
    await expectRefusal(remove('nobody', ['name']), 'UserNotFoundException', 'User does not exist.')
  })

  it('refuses an unsigned call', async () => {
    await makeUser(server, at.poolId, 'safe', { name: 'Safe' })
    const input = { UserPoolId: at.poolId, Username: 'safe', UserAttributeNames: ['name'] }
    const { json } = await server.raw('AdminDeleteUserAttributes', input)
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    expect(await attributesOf('safe')).toMatchObject({ name: 'Safe' })
  })
})
