// From a provider's profile to a user of the pool: triggers, links, attributes. By a browser's way and the API.
import {
  AdminCreateUserCommand,
  AdminLinkProviderForUserCommand,
  AdminListGroupsForUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  DeleteGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  type FederatedOptions,
  idClaims,
  makeFederatedApp,
  ownProvider,
  shownUser,
} from '../../../test/federated-app.ts'
import { useTestServer } from '../../../test/harness.ts'
import { type App, authorizeUrl, makeUser, PASSWORD, signInByPage } from '../../../test/oauth.ts'
import { signInAtProvider, useOpenIdProvider } from '../../../test/openid-providers.ts'
import { Browser } from '../../../test/page-walker.ts'
import type { TriggerEvent } from '../../../test/triggers.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:any'

let seen: TriggerEvent[] = []
/** What the pool's function does, by the beginning of the trigger's source. */
let does: Record<string, (event: TriggerEvent) => void | Promise<void>> = {}

const server = useTestServer({
  triggers: {
    '*': async (event) => {
      const told = event as TriggerEvent
      seen.push(structuredClone(told))
      await does[told.triggerSource.split('_')[0] as string]?.(told)
      return told
    },
  },
})
const upstream = useOpenIdProvider()
let subjects = 0
beforeEach(() => {
  seen = []
  does = {}
  upstream.account = { sub: `sub-${++subjects}`, email: `ada-${subjects}@example.com`, name: 'Ada' }
})

const make = (options: Partial<FederatedOptions> = {}) =>
  makeFederatedApp(server, { providers: [ownProvider(upstream.url)], ...options })
const signIn = (app: App): Promise<URL> =>
  signInAtProvider(new Browser(), authorizeUrl(app, { identity_provider: 'Own' }))
const refusal = async (app: App): Promise<string | null> => {
  const answered = await signIn(app)
  expect(answered.searchParams.get('error')).toBe('invalid_request')
  return answered.searchParams.get('error_description')
}
const usernameOf = async (app: App): Promise<unknown> => (await idClaims(app, await signIn(app)))['cognito:username']
const link = (app: App, username: string, value: string, ProviderAttributeName = 'Cognito_Subject') =>
  server.admin.send(
    new AdminLinkProviderForUserCommand({
      UserPoolId: app.poolId,
      DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: username },
      SourceUser: { ProviderName: 'Own', ProviderAttributeName, ProviderAttributeValue: value },
    }),
  )

describe('triggers of a federated sign-in', () => {
  const all = {
    InboundFederation: { LambdaVersion: 'V1_0', LambdaArn: ARN },
    PreSignUp: ARN,
    PostConfirmation: ARN,
    PreAuthentication: ARN,
    PostAuthentication: ARN,
    PreTokenGeneration: ARN,
  } as const

  it('come in their order, at the first sign-in and later', async () => {
    const app = await make({ pool: { LambdaConfig: all } })
    await idClaims(app, await signIn(app))
    const username = `Own_${upstream.account.sub}`
    expect(seen.map(({ triggerSource, userName }) => [triggerSource, userName])).toEqual([
      ['InboundFederation_ExternalProvider', upstream.account.sub],
      ['PreSignUp_ExternalProvider', username],
      ['PostConfirmation_ConfirmSignUp', username],
      ['TokenGeneration_HostedAuth', username],
    ])
    expect(seen[0]?.callerContext.clientId).toBe(app.clientId)
    expect(seen[0]?.request).toMatchObject({
      providerName: 'Own',
      providerType: 'OIDC',
      attributes: {
        tokenResponse: { token_type: 'Bearer', expires_in: '600' },
        idToken: { sub: upstream.account.sub, aud: 'pool' },
        userInfo: { sub: upstream.account.sub, email: upstream.account['email'], name: 'Ada' },
      },
    })
    expect(seen[1]?.request['userAttributes']).toEqual({
      email: upstream.account['email'],
      email_verified: 'false',
      name: 'Ada',
    })
    expect(seen[2]?.request['userAttributes']).toMatchObject({ 'cognito:user_status': 'EXTERNAL_PROVIDER' })
    seen = []
    await idClaims(app, await signIn(app))
    expect(seen.map(({ triggerSource }) => triggerSource)).toEqual([
      'InboundFederation_ExternalProvider',
      'PreAuthentication_Authentication',
      'PostAuthentication_Authentication',
      'TokenGeneration_HostedAuth',
    ])
  })

  describe('InboundFederation', () => {
    const pool = { LambdaConfig: { InboundFederation: all.InboundFederation } }
    const mapping = (to: unknown) => {
      does = { InboundFederation: ({ response }) => void Object.assign(response, { userAttributesToMap: to }) }
    }

    it('says what is mapped; what it leaves out is dropped', async () => {
      const app = await make({ pool })
      mapping({ name: 'From the function', other: 'x' })
      const claims = await idClaims(app, await signIn(app))
      expect(claims['name']).toBe('From the function')
      expect(claims).not.toHaveProperty('email')
    })

    it('keeps everything by an empty answer', async () => {
      const app = await make({ pool })
      mapping({})
      expect(await idClaims(app, await signIn(app))).toMatchObject({ name: 'Ada', email: upstream.account['email'] })
    })

    it('cannot name another user', async () => {
      const app = await make({ pool })
      mapping({ sub: 'victim', username: 'victim', name: 'x' })
      expect(await usernameOf(app)).toBe(`Own_${upstream.account.sub}`)
    })

    it.each([[{ name: 1 }], ['text'], [['name']]])('is an error with %j', async (answer) => {
      const app = await make({ pool })
      mapping(answer)
      expect(await refusal(app)).toBe('Unrecognizable lambda output')
    })

    it('refuses by throwing', async () => {
      const app = await make({ pool })
      does = {
        InboundFederation: () => {
          throw new Error('not you')
        },
      }
      expect(await refusal(app)).toBe('InboundFederation failed with error not you.')
    })
  })

  it.each(['PreSignUp', 'PostConfirmation'] as const)('%s refuses the first sign-in by throwing', async (name) => {
    const app = await make({ pool: { LambdaConfig: { [name]: ARN } } })
    does = {
      [name]: () => {
        throw new Error('not you')
      },
    }
    expect(await refusal(app)).toBe(`${name} failed with error not you.`)
    const isThere = shownUser(app, `Own_${upstream.account.sub}`)
    if (name === 'PreSignUp') await expect(isThere).rejects.toThrow('User does not exist')
    else expect((await isThere).status).toBe('EXTERNAL_PROVIDER')
  })

  it('PreAuthentication refuses later sign-ins by throwing, before anything is written', async () => {
    const app = await make({ pool: { LambdaConfig: { PreAuthentication: ARN } } })
    await signIn(app)
    does = {
      PreAuthentication: () => {
        throw new Error('not now')
      },
    }
    upstream.account['name'] = 'Another'
    expect(await refusal(app)).toBe('PreAuthentication failed with error not now.')
    expect((await shownUser(app, `Own_${upstream.account.sub}`)).attributes['name']).toBe('Ada')
  })

  it('PreSignUp may link the identity to a user who is there: the first sign-in is that user', async () => {
    const app = await make({ pool: { LambdaConfig: { PreSignUp: ARN } } })
    const username = await makeUser(app)
    seen = []
    does = { PreSignUp: async () => void (await link(app, username, upstream.account.sub)) }
    expect(await usernameOf(app)).toBe(username)
    expect(seen.map(({ triggerSource }) => triggerSource)).toEqual(['PreSignUp_ExternalProvider'])
    expect(await usernameOf(app)).toBe(username)
    await expect(shownUser(app, `Own_${upstream.account.sub}`)).rejects.toThrow('User does not exist')
  })
})

describe('a linked user', () => {
  it('is signed in with the attributes of the provider, and is in no group of it', async () => {
    const app = await make()
    const username = await makeUser(app, { name: 'Local' })
    await link(app, username, upstream.account.sub)
    const claims = await idClaims(app, await signIn(app))
    expect(claims).toMatchObject({ 'cognito:username': username, name: 'Ada', email: upstream.account['email'] })
    expect(claims).not.toHaveProperty('cognito:groups')
    expect((await signInByPage(app, username)).searchParams.get('code')).toBeTruthy()
  })

  it('is found by a mapped attribute, and from then on by the subject', async () => {
    const app = await make()
    const username = await makeUser(app)
    const email = upstream.account['email'] as string
    await link(app, username, email, 'email')
    expect(await usernameOf(app)).toBe(username)
    const identities = JSON.parse((await shownUser(app, username)).attributes['identities'] as string)
    expect(identities).toMatchObject([{ userId: upstream.account.sub, providerName: 'Own', primary: false }])
    upstream.account['email'] = 'moved@example.com'
    expect(await usernameOf(app)).toBe(username)
    upstream.account = { sub: 'somebody-else', email }
    expect(await usernameOf(app)).toBe('Own_somebody-else')
  })

  it('needs no password of their own', async () => {
    const app = await make()
    const Username = `made-${upstream.account.sub}`
    const UserPoolId = app.poolId
    await server.admin.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }))
    await link(app, Username, upstream.account.sub)
    expect(await usernameOf(app)).toBe(Username)
    expect((await shownUser(app, Username)).status).toBe('FORCE_CHANGE_PASSWORD')
  })

  it('whose password an administrator has reset is refused until there is a new one', async () => {
    const app = await make()
    const Username = await makeUser(app, { email: 'reset@example.com', email_verified: 'true' })
    const UserPoolId = app.poolId
    await link(app, Username, upstream.account.sub)
    await server.admin.send(new AdminResetUserPasswordCommand({ UserPoolId, Username }))
    expect(await refusal(app)).toBe('Password reset required for the user')
    await server.admin.send(
      new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: PASSWORD, Permanent: true }),
    )
    expect(await usernameOf(app)).toBe(Username)
  })
})

describe('a user who came from a provider', () => {
  it('has both ways once an administrator has set a password', async () => {
    const app = await make()
    const Username = (await usernameOf(app)) as string
    const UserPoolId = app.poolId
    await server.admin.send(
      new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: PASSWORD, Permanent: true }),
    )
    expect((await signInByPage(app, Username)).searchParams.get('code')).toBeTruthy()
    expect(await usernameOf(app)).toBe(Username)
  })

  it('has a username in lower case where names have no case; the subject keeps its own', async () => {
    const app = await make({ pool: { UsernameConfiguration: { CaseSensitive: false } } })
    upstream.account.sub = `Sub-${subjects}`
    expect(await usernameOf(app)).toBe(`own_sub-${subjects}`)
    expect(await usernameOf(app)).toBe(`own_sub-${subjects}`)
    upstream.account.sub = `sub-${subjects}`
    expect(await refusal(app)).toBe(`Already found an entry for username own_sub-${subjects}`)
  })

  it('is refused where somebody has the username', async () => {
    const app = await make()
    const Username = `Own_${upstream.account.sub}`
    await server.admin.send(new AdminCreateUserCommand({ UserPoolId: app.poolId, Username, MessageAction: 'SUPPRESS' }))
    expect(await refusal(app)).toBe(`Already found an entry for username ${Username}`)
  })

  it.each([
    ['UsernameAttributes', { UsernameAttributes: ['email'] }],
    ['AliasAttributes', { AliasAttributes: ['email'] }],
  ] as const)('may have the address of another user in a pool with %s', async (_what, settings) => {
    const app = await make({
      pool: { ...settings } as never,
      providers: [
        ownProvider(upstream.url, { AttributeMapping: { email: 'email', email_verified: 'email_verified' } }),
      ],
    })
    const Username = 'UsernameAttributes' in settings ? (upstream.account['email'] as string) : `local-${subjects}`
    const UserAttributes = [
      { Name: 'email', Value: upstream.account['email'] as string },
      { Name: 'email_verified', Value: 'true' },
    ]
    await server.admin.send(
      new AdminCreateUserCommand({ UserPoolId: app.poolId, Username, UserAttributes, MessageAction: 'SUPPRESS' }),
    )
    upstream.account['email_verified'] = true
    const claims = await idClaims(app, await signIn(app))
    expect(claims).toMatchObject({ 'cognito:username': `Own_${upstream.account.sub}`, email_verified: true })
    // The name is still the other user's.
    const named = await shownUser(app, upstream.account['email'] as string)
    expect(named.status).toBe('FORCE_CHANGE_PASSWORD')
  })

  it('gets the group anew that an administrator has deleted', async () => {
    const app = await make()
    const GroupName = `${app.poolId}_Own`
    await signIn(app)
    await server.admin.send(new DeleteGroupCommand({ UserPoolId: app.poolId, GroupName }))
    upstream.account.sub = 'later'
    const Username = (await usernameOf(app)) as string
    const { Groups } = await server.admin.send(new AdminListGroupsForUserCommand({ UserPoolId: app.poolId, Username }))
    expect(Groups).toMatchObject([{ GroupName, Description: 'Autogenerated group for users who sign in using Own' }])
  })

  it('loses no change that an administrator makes while the provider is asked', async () => {
    const app = await make()
    const Username = (await usernameOf(app)) as string
    upstream.account['name'] = 'Ada II'
    const change = new AdminUpdateUserAttributesCommand({
      UserPoolId: app.poolId,
      Username,
      UserAttributes: [{ Name: 'nickname', Value: 'A' }],
    })
    await Promise.all([signIn(app), server.admin.send(change), signIn(app)])
    expect((await shownUser(app, Username)).attributes).toMatchObject({ name: 'Ada II', nickname: 'A' })
  })
})

describe('attributes of a mapping', () => {
  const Schema = [
    { Name: 'once', AttributeDataType: 'String' as const, Mutable: false },
    { Name: 'token', AttributeDataType: 'String' as const, Mutable: true },
  ]
  const providers = () => [
    ownProvider(upstream.url, { AttributeMapping: { 'custom:once': 'name', 'custom:token': 'token_type' } }),
  ]

  it('that are immutable are set once, and a later value is refused', async () => {
    const app = await make({ pool: { Schema }, providers: providers() })
    await signIn(app)
    expect((await shownUser(app, `Own_${upstream.account.sub}`)).attributes).toMatchObject({
      'custom:once': 'Ada',
      'custom:token': 'Bearer',
    })
    expect((await signIn(app)).searchParams.get('code')).toBeTruthy()
    upstream.account['name'] = 'Another'
    expect(await refusal(app)).toBe('Invalid user attributes: custom:once: Attribute cannot be updated.')
  })

  it('that the pool requires must have a value', async () => {
    const required = [{ Name: 'email', AttributeDataType: 'String' as const, Mutable: true, Required: true }]
    const app = await make({ pool: { Schema: required } })
    upstream.account = { sub: 'without' }
    expect(await refusal(app)).toBe('Invalid user attributes: email: The attribute is required')
  })

  it('that the client may not write stay as they are', async () => {
    const app = await make({ client: { WriteAttributes: ['name'] } })
    await signIn(app)
    const { attributes } = await shownUser(app, `Own_${upstream.account.sub}`)
    expect(attributes).toMatchObject({ name: 'Ada' })
    expect(attributes).not.toHaveProperty('email')
  })
})
