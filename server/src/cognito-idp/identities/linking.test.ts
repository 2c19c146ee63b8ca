// Links of users with identities at external providers, through the API.
import {
  AdminDeleteUserCommand,
  AdminDisableProviderForUserCommand,
  AdminGetUserCommand,
  AdminLinkProviderForUserCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ForgotPasswordCommand,
  GetUserCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  claimsOf,
  engines,
  expectRefusal,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import { makeGoogle, makeOwnProvider, noWeb } from '../../../test/identity-providers.ts'

const google = (ProviderAttributeValue: string, ProviderAttributeName = 'Cognito_Subject') => ({
  ProviderName: 'Google',
  ProviderAttributeName,
  ProviderAttributeValue,
})
const own = (ProviderAttributeName: string, ProviderAttributeValue: string) => ({
  ProviderName: 'Own',
  ProviderAttributeName,
  ProviderAttributeValue,
})
const local = (ProviderAttributeValue: string) => ({ ProviderName: 'Cognito', ProviderAttributeValue })
const NOBODY = ['UserNotFoundException', 'User does not exist.'] as const
const ELSEWHERE = ['AliasExistsException', 'SourceUser is already linked to another user.'] as const

describe.each(engines)('links of users on %s', (engine) => {
  const server = useTestServer({ engine, effects: noWeb })
  const at = usePool(server)
  beforeAll(async () => {
    await makeGoogle(server, at.poolId)
    await makeOwnProvider(server, at.poolId)
  })

  type Named = { ProviderName?: string; ProviderAttributeName?: string; ProviderAttributeValue?: string }
  const link = (DestinationUser: Named, SourceUser: Named, UserPoolId = at.poolId) =>
    server.admin.send(new AdminLinkProviderForUserCommand({ UserPoolId, DestinationUser, SourceUser }))
  const disable = (User: Named, UserPoolId = at.poolId) =>
    server.admin.send(new AdminDisableProviderForUserCommand({ UserPoolId, User }))
  const show = (Username: string) => server.admin.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username }))
  const identities = async (Username: string): Promise<object[] | undefined> => {
    const text = (await show(Username)).UserAttributes?.find(({ Name }) => Name === 'identities')?.Value
    return text === undefined ? undefined : JSON.parse(text)
  }
  let users = 0
  const newUser = async (): Promise<string> => {
    const name = `user-${++users}`
    await makeUser(server, at.poolId, name, { email: `${name}@example.com` })
    return name
  }

  it('are shown as the attribute identities by the API, and as a claim of ID tokens', async () => {
    const user = await newUser()
    expect(await identities(user)).toBeUndefined()
    const answer = await link(local(user), google(`${user} at Google`))
    expect(answer).not.toHaveProperty('DestinationUser')
    const shown = { userId: `${user} at Google`, providerName: 'Google', providerType: 'Google', issuer: null }
    const expected = [{ ...shown, primary: false, dateCreated: expect.any(Number) }]
    expect(await identities(user)).toEqual(expected)
    expect((await show(user)).UserStatus).toBe('CONFIRMED')
    const listed = await server.admin.send(
      new ListUsersCommand({
        UserPoolId: at.poolId,
        Filter: `username = "${user}"`,
        AttributesToGet: ['identities'],
      }),
    )
    const attribute = listed.Users?.[0]?.Attributes?.find(({ Name }) => Name === 'identities')
    expect(JSON.parse(attribute?.Value as string)).toEqual(expected)
    const { AccessToken, IdToken } = await signIn(server, at.clientId, user)
    const own = await server.app.send(new GetUserCommand({ AccessToken }))
    expect(own.UserAttributes?.find(({ Name }) => Name === 'identities')).toEqual(attribute)
    expect(claimsOf(IdToken)['identities']).toEqual([
      { ...shown, primary: 'false', dateCreated: expect.stringMatching(/^\d{13}$/) },
    ])
    expect(claimsOf(AccessToken)).not.toHaveProperty('identities')
  })

  it('cannot be written as an attribute', async () => {
    const user = await newUser()
    const write = new AdminUpdateUserAttributesCommand({
      UserPoolId: at.poolId,
      Username: user,
      UserAttributes: [{ Name: 'identities', Value: '[]' }],
    })
    await expectRefusal(server.admin.send(write), 'InvalidParameterException')
  })

  it('lead to one user: of many links of one subject at once, to several users, one is made', async () => {
    const names = await Promise.all(Array.from({ length: 6 }, newUser))
    const answers = await Promise.allSettled(names.map((name) => link(local(name), google('rival'))))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const answer of answers)
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ name: ELSEWHERE[0], message: ELSEWHERE[1] })
    const linked = await Promise.all(names.map(identities))
    expect(linked.filter((of) => of !== undefined)).toHaveLength(1)
    expect(linked[answers.findIndex(({ status }) => status === 'fulfilled')]).toHaveLength(1)
  })

  it('are at most five of a user, also when more are asked for at once', async () => {
    const user = await newUser()
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => link(local(user), google(`${user}-${n}`))),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    expect(await identities(user)).toHaveLength(5)
    await expectRefusal(
      link(local(user), google(`${user}-more`)),
      'LimitExceededException',
      'A user can not have more than 5 identities.',
    )
  })

  it('are by five attributes of a provider at most, beside the subject, also when more are asked for at once', async () => {
    const { Id } = await makePool(server)
    const attributes = ['email', 'name', 'given_name', 'family_name', 'nickname', 'locale', 'gender']
    await makeOwnProvider(server, Id, Object.fromEntries(attributes.map((name) => [name, name])))
    const names = await Promise.all(
      attributes.map(async (attribute) => {
        await makeUser(server, Id, `by-${attribute}`)
        return attribute
      }),
    )
    const by = (attribute: string, value = 'x') => link(local(`by-${attribute}`), own(attribute, value), Id)
    const answers = await Promise.allSettled(names.map((name) => by(name)))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    const counted = names.filter((_, n) => answers[n]?.status === 'fulfilled')
    const left = names.find((name) => !counted.includes(name)) as string
    const message = 'Users of provider Own can not be linked by more than 5 attributes beside Cognito_Subject.'
    await expectRefusal(by(left), 'LimitExceededException', message)
    await by(counted[0] as string, 'another')
    await by(left, 'y').catch(() => undefined)
    await link(local(`by-${left}`), own('Cognito_Subject', 'y'), Id)
  })

  it('are refused twice, and to somebody else', async () => {
    const [user, other] = [await newUser(), await newUser()]
    await link(local(user), google('twice'))
    const message = 'SourceUser is already linked to DestinationUser'
    await expectRefusal(link(local(user), google('twice')), 'InvalidParameterException', message)
    await expectRefusal(link(local(other), google('twice')), ...ELSEWHERE)
    await link(local(other), google('TWICE'))
  })

  it('may name a user by an identity, and a mapped attribute where the provider is no social one', async () => {
    const user = await newUser()
    await link(local(user), own('Cognito_Subject', 'first'))
    await link(own('Cognito_Subject', 'first'), own('email', 'a@own.example'))
    expect(await identities(user)).toMatchObject([
      { userId: 'first', providerType: 'OIDC' },
      { userId: 'a@own.example', primary: false },
    ])
    await expectRefusal(
      link(local(user), own('name', 'A')),
      'InvalidParameterException',
      'Invalid SourceUser: Attribute name is not mapped by provider Own',
    )
    await expectRefusal(
      link(local(user), google('a@google.example', 'email')),
      'InvalidParameterException',
      'Invalid SourceUser: ProviderAttributeName must be Cognito_Subject for provider Google',
    )
  })

  it('need a user, a provider, and a source that is no local user', async () => {
    const user = await newUser()
    await expectRefusal(link(local('nobody'), google('1')), ...NOBODY)
    await expectRefusal(link(google('nobody'), google('1')), ...NOBODY)
    await expectRefusal(
      link(local(user), { ...google('1'), ProviderName: 'Facebook' }),
      'ResourceNotFoundException',
      'Identity provider Facebook does not exist.',
    )
    const localSource =
      'Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a DestinationUser'
    await expectRefusal(link(local(user), local(await newUser())), 'InvalidParameterException', localSource)
    await makeUser(server, at.poolId, 'Google_taken')
    await expectRefusal(link(local(user), google('taken')), 'InvalidParameterException', localSource)
    await expectRefusal(
      link(local(user), { ProviderName: 'Google' }),
      'InvalidParameterException',
      'Invalid SourceUser: ProviderAttributeValue is required',
    )
    await expectRefusal(
      link({}, google('1')),
      'InvalidParameterException',
      'Invalid DestinationUser: ProviderName is required',
    )
    expect(await identities(user)).toBeUndefined()
  })

  it('end, and the identity is free for another user', async () => {
    const [user, other] = [await newUser(), await newUser()]
    await link(local(user), google('ended'))
    await link(local(user), google('kept'))
    await disable(google('ended'))
    expect(await identities(user)).toMatchObject([{ userId: 'kept' }])
    await expectRefusal(disable(google('ended')), ...NOBODY)
    await link(local(other), google('ended'))
    expect((await signIn(server, at.clientId, user)).AccessToken).toBeDefined()
  })

  it('go with a deleted user', async () => {
    const [user, other] = [await newUser(), await newUser()]
    await link(local(user), google('of the deleted'))
    await server.admin.send(new AdminDeleteUserCommand({ UserPoolId: at.poolId, Username: user }))
    await link(local(other), google('of the deleted'))
  })

  it('are left to a user whose password an administrator has disabled', async () => {
    const user = await newUser()
    await link(local(user), google('the only way'))
    await disable({ ...local(user), ProviderAttributeName: 'Cognito_Subject' })
    expect((await show(user)).UserStatus).toBe('EXTERNAL_PROVIDER')
    await expectRefusal(signIn(server, at.clientId, user), 'NotAuthorizedException', 'Incorrect username or password.')
    await expectRefusal(
      server.app.send(new ForgotPasswordCommand({ ClientId: at.clientId, Username: user })),
      'NotAuthorizedException',
      'User password cannot be reset in the current state.',
    )
    expect(await identities(user)).toHaveLength(1)
    const Password = `${PASSWORD}2`
    await server.admin.send(
      new AdminSetUserPasswordCommand({ UserPoolId: at.poolId, Username: user, Password, Permanent: true }),
    )
    expect((await show(user)).UserStatus).toBe('CONFIRMED')
    await signIn(server, at.clientId, user, Password)
  })

  it('are of one pool', async () => {
    const user = await newUser()
    await link(local(user), google('of one pool'))
    const { Id } = await makePool(server)
    await expectRefusal(disable(google('of one pool'), Id), ...NOBODY)
    await expectRefusal(disable(local(user), Id), ...NOBODY)
    await makeGoogle(server, Id)
    await expectRefusal(link(local(user), google('new'), Id), ...NOBODY)
    await makeUser(server, Id, user)
    await link(local(user), google('of one pool'), Id)
    expect(await identities(user)).toHaveLength(1)
  })

  it.each([
    { operation: 'AdminLinkProviderForUser', of: { DestinationUser: local('x'), SourceUser: google('x') } },
    { operation: 'AdminDisableProviderForUser', of: { User: google('x') } },
  ])('$operation refuses an unsigned call', async ({ operation, of }) => {
    const { json } = await server.raw(operation, { UserPoolId: at.poolId, ...of })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
