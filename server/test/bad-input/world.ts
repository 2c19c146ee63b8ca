// The resources that requests to user pools refer to: a pool with clients, users, groups and tokens, and another pool
// with the same (for the other services see account-fixture.ts). Each is created when a request needs it, and created
// again after a request may have changed or consumed it.
import { createHmac } from 'node:crypto'
import type { SigningCredentials } from '../../src/sigv4/sign.ts'
import { Authenticator, type CreationOptions } from '../authenticator.ts'
import { PASSWORD } from '../harness.ts'
import { type Answer, call, elementOf, type Target } from '../refusals/raw-request.ts'
import { metadata } from '../saml-provider.ts'
import { sessionIdOf } from '../user-sessions.ts'
import { makeAdministrator } from './account-fixture.ts'
import { knownIn, type Tree } from './json-tree.ts'
import { DEVICE_SECRET, NEW_PASSWORD } from './known-values.ts'
import type { TestedService } from './services.ts'

const REPLICA_REGION = 'eu-west-1'

const FLOWS = [
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
]
/** With threat protection; an update of the pool would turn it off. */
const PROTECTED = { UserPoolTier: 'PLUS', UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' } }
const SCOPES = [{ ScopeName: 'read', ScopeDescription: 'To read' }]
const SCHEMA = [{ Name: 'colour', AttributeDataType: 'String', Mutable: true }]

/** Pools that every operation without a signature may use: such operations cannot harm a pool. And who signs the others. */
export interface SharedPools {
  own: UserPoolFixture
  other: UserPoolFixture
  administrator?: Promise<SigningCredentials>
}

export const makeSharedPools = (server: Target): SharedPools => ({
  own: new UserPoolFixture(server),
  other: new UserPoolFixture(server),
})

/** Things that belong together, each made when first asked for. */
export interface Fixture {
  get(what: string): Promise<string>
  /** Removes what an account may have few of. */
  remove(): Promise<void>
}

/** One pool and what is in it. */
export class UserPoolFixture implements Fixture {
  readonly server: Target
  readonly #made = new Map<string, Promise<unknown>>()
  readonly #parent: UserPoolFixture | undefined

  /** With a parent, its pool and clients; users and all that hangs on them are this one's own. */
  constructor(server: Target, parent?: UserPoolFixture) {
    this.server = server
    this.#parent = parent
  }

  async get(what: string): Promise<string> {
    switch (what) {
      case 'pool':
        return this.#parent?.get(what) ?? ((await this.#once(what, () => this.#makePool())) as string)
      case 'arn':
        return `arn:aws:cognito-idp:${this.server.region}:000000000000:userpool/${await this.get('pool')}`
      case 'client':
      case 'secretClient':
        return this.#parent?.get(what) ?? (await this.#client(what)).ClientId
      case 'clientSecretId':
        return (await this.#once(what, async () => {
          const input = { UserPoolId: await this.get('pool'), ClientId: await this.get('secretClient') }
          const { ClientSecrets } = await this.#admin('ListUserPoolClientSecrets', input)
          return (ClientSecrets as { ClientSecretId: string }[])[0]?.ClientSecretId
        })) as string
      case 'user':
      case 'sub':
        return (await this.#user())[what]
      case 'newName':
        return newName()
      case 'group':
        return (await this.#once(what, () => this.#makeGroups())) as string
      case 'termsId':
        return (await this.#once(what, () => this.#makeTerms())) as string
      case 'brandingId':
        return (await this.#once(what, async () => {
          const of = { UserPoolId: await this.get('pool'), ClientId: await this.get('secretClient') }
          const { ManagedLoginBranding } = await this.#admin('CreateManagedLoginBranding', of)
          return (ManagedLoginBranding as { ManagedLoginBrandingId: string }).ManagedLoginBrandingId
        })) as string
      case 'accessToken':
        return (await this.#signIn('tokens')).AccessToken
      case 'idToken':
        return (await this.#signIn('tokens')).IdToken
      case 'refreshToken':
        return (await this.#signIn('tokens')).RefreshToken
      case 'revokedToken':
        return (await this.#once(what, async () => {
          const { AccessToken, RefreshToken } = await this.#signIn('revoked')
          await this.#public('RevokeToken', { ClientId: await this.get('client'), Token: RefreshToken })
          return AccessToken
        })) as string
      case 'sessionId':
        return (await this.#once(what, async () => {
          const tracking = { UserSessionTracking: 'ENABLED', TokenSession: { MaxPerUser: 100 } }
          await this.#admin('SetUserPoolSessionConfiguration', { UserPoolId: await this.get('pool'), ...tracking })
          return sessionIdOf(await this.#signIn('tracked'))
        })) as string
      case 'eventId':
        return (await this.#once(what, async () => {
          await this.get('accessToken')
          await this.#signIn('another event')
          const of = { UserPoolId: await this.get('pool'), Username: await this.get('user') }
          const { AuthEvents } = await this.#admin('AdminListUserAuthEvents', of)
          return (AuthEvents as { EventId: string }[])[0]?.EventId
        })) as string
      case 'session':
      case 'challenged':
        return (await this.#challenge())[what]
      case 'secretBlock':
        return (await this.#once(what, async () => {
          const AuthParameters = { USERNAME: await this.get('user'), SRP_A: 'ab12'.repeat(96) }
          const answer = await this.#public('InitiateAuth', {
            AuthFlow: 'USER_SRP_AUTH',
            ClientId: await this.get('client'),
            AuthParameters,
          })
          return (answer['ChallengeParameters'] as Record<string, string>)['SECRET_BLOCK']
        })) as string
      case 'domain':
        return (await this.#once(what, async () => {
          const Domain = `login-${newName()}`
          await this.#admin('CreateUserPoolDomain', { UserPoolId: await this.get('pool'), Domain })
          return Domain
        })) as string
      case 'replica':
        return (await this.#once(what, async () => {
          await this.#admin('CreateUserPoolReplica', { UserPoolId: await this.get('pool'), RegionName: REPLICA_REGION })
          return REPLICA_REGION
        })) as string
      case 'resourceServer':
        return (await this.#once(what, async () => {
          const UserPoolId = await this.get('pool')
          const [first, second] = [newName(), newName()]
          for (const Identifier of [first, second])
            await this.#admin('CreateResourceServer', { UserPoolId, Identifier, Name: 'api', Scopes: SCOPES })
          return first
        })) as string
      case 'importJob':
        return (await this.#once(what, async () => {
          const UserPoolId = await this.get('pool')
          const input = {
            UserPoolId,
            JobName: 'import',
            CloudWatchLogsRoleArn: 'arn:aws:iam::000000000000:role/import',
          }
          await this.#admin('CreateUserImportJob', input)
          const { UserImportJob } = await this.#admin('CreateUserImportJob', input)
          return (UserImportJob as { JobId: string }).JobId
        })) as string
      case 'provider':
      case 'identifier':
        return (await this.#providers())[what]
      case 'newProvider':
        return `Corp-${newName()}`
      case 'device':
        return (await this.#once(what, () => this.#makeDevices())) as string
      case 'passkey':
        return (await this.#once(what, () => this.#makePasskeys())) as string
      case 'secretHash': {
        const { ClientId, ClientSecret } = await this.#client('secretClient')
        const message = (await this.get('user')) + ClientId
        return createHmac('sha256', ClientSecret).update(message).digest('base64')
      }
      default:
        throw new Error(`Nothing is known as ${what}.`)
    }
  }

  /** Removes its pool, if it has one of its own: an account may have a thousand. */
  async remove(): Promise<void> {
    if (this.#made.has('pool')) await removePool(this.server, await this.get('pool'))
  }

  #once(what: string, make: () => Promise<unknown>): Promise<unknown> {
    const made = this.#made.get(what) ?? make()
    this.#made.set(what, made)
    return made
  }

  async #makePool(): Promise<string> {
    const { UserPool } = await this.#admin('CreateUserPool', {
      PoolName: 'bad input',
      Schema: SCHEMA,
      ...PROTECTED,
      UserPoolTags: { 'cognomen:recovery-codes': '5' },
    })
    return (UserPool as { Id: string }).Id
  }

  #client(what: string): Promise<{ ClientId: string; ClientSecret: string }> {
    if (this.#parent) return this.#parent.#client(what)
    return this.#once(what, async () => {
      const { UserPoolClient } = await this.#admin('CreateUserPoolClient', {
        UserPoolId: await this.get('pool'),
        ClientName: what,
        GenerateSecret: what === 'secretClient',
        ExplicitAuthFlows: FLOWS,
      })
      return UserPoolClient
    }) as Promise<{ ClientId: string; ClientSecret: string }>
  }

  #user(): Promise<{ user: string; sub: string }> {
    return this.#once('user', async () => {
      const user = newName()
      const sub = await this.#makeUser(user, PASSWORD, { email: `${user}@example.com`, email_verified: 'true' })
      return { user, sub }
    }) as Promise<{ user: string; sub: string }>
  }

  async #makeUser(Username: string, Password: string, attributes: Record<string, string>): Promise<string> {
    const UserPoolId = await this.get('pool')
    const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
    const { User } = await this.#admin('AdminCreateUser', {
      UserPoolId,
      Username,
      MessageAction: 'SUPPRESS',
      TemporaryPassword: NEW_PASSWORD,
      UserAttributes,
    })
    if (Password !== NEW_PASSWORD)
      await this.#admin('AdminSetUserPassword', { UserPoolId, Username, Password, Permanent: true })
    const { Attributes } = User as { Attributes: { Name: string; Value: string }[] }
    return Attributes.find(({ Name }) => Name === 'sub')?.Value as string
  }

  /** Two groups with two members, so that lists have a second page. */
  async #makeGroups(): Promise<string> {
    const UserPoolId = await this.get('pool')
    const user = await this.get('user')
    const second = newName()
    await this.#makeUser(second, NEW_PASSWORD, {})
    const [first, ...rest] = [newName(), newName()]
    for (const GroupName of [first, ...rest]) {
      await this.#admin('CreateGroup', { UserPoolId, GroupName })
      for (const Username of [user, second])
        await this.#admin('AdminAddUserToGroup', { UserPoolId, GroupName, Username })
    }
    return first as string
  }

  /** Two of a client, so that lists have a second page. */
  async #makeTerms(): Promise<string> {
    const of = { UserPoolId: await this.get('pool'), ClientId: await this.get('secretClient') }
    const ids: string[] = []
    for (const TermsName of ['terms-of-use', 'privacy-policy']) {
      const Links = { 'cognito:default': 'https://example.com' }
      const input = { ...of, TermsName, TermsSource: 'LINK', Enforcement: 'NONE', Links }
      ids.push(((await this.#admin('CreateTerms', input))['Terms'] as { TermsId: string }).TermsId)
    }
    return ids[0] as string
  }

  #signIn(what: string): Promise<{ AccessToken: string; IdToken: string; RefreshToken: string }> {
    return this.#once(what, async () => {
      const answer = await this.#public('InitiateAuth', {
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: await this.get('client'),
        AuthParameters: { USERNAME: await this.get('user'), PASSWORD },
      })
      return answer['AuthenticationResult']
    }) as Promise<{ AccessToken: string; IdToken: string; RefreshToken: string }>
  }

  /** Two identity providers, so that lists have a second page. */
  #providers(): Promise<{ provider: string; identifier: string }> {
    return this.#once('provider', async () => {
      const UserPoolId = await this.get('pool')
      const made = [newName(), newName()].map((name) => ({
        provider: `Corp-${name}`,
        identifier: `${name}.example.com`,
      }))
      for (const { provider, identifier } of made)
        await this.#admin('CreateIdentityProvider', {
          UserPoolId,
          ProviderName: provider,
          ProviderType: 'SAML',
          ProviderDetails: { MetadataFile: metadata() },
          IdpIdentifiers: [identifier],
        })
      return made[0]
    }) as Promise<{ provider: string; identifier: string }>
  }

  /** Two devices of the user, so that lists have a second page. The pool tracks devices only while they are made. */
  async #makeDevices(): Promise<string> {
    const UserPoolId = await this.get('pool')
    const [user, ClientId] = [await this.get('user'), await this.get('client')]
    await this.#admin('UpdateUserPool', { ...PROTECTED, UserPoolId, DeviceConfiguration: {} })
    const keys: string[] = []
    for (let device = 0; device < 2; device++) {
      const { AuthenticationResult } = await this.#public('InitiateAuth', {
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId,
        AuthParameters: { USERNAME: user, PASSWORD },
      })
      const { AccessToken, NewDeviceMetadata } = AuthenticationResult as {
        AccessToken: string
        NewDeviceMetadata: { DeviceKey: string }
      }
      const { DeviceKey } = NewDeviceMetadata
      await this.#public('ConfirmDevice', { AccessToken, DeviceKey, DeviceSecretVerifierConfig: DEVICE_SECRET })
      keys.push(DeviceKey)
    }
    await this.#admin('UpdateUserPool', { ...PROTECTED, UserPoolId })
    return keys[0] as string
  }

  /** Two passkeys of the user, so that lists have a second page. The pool allows passkeys only while they are made. */
  async #makePasskeys(): Promise<string> {
    const UserPoolId = await this.get('pool')
    const AccessToken = await this.get('accessToken')
    const SignInPolicy = { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] }
    await this.#admin('UpdateUserPool', { ...PROTECTED, UserPoolId, Policies: { SignInPolicy } })
    const authenticators = [new Authenticator(), new Authenticator()]
    for (const authenticator of authenticators) {
      const { CredentialCreationOptions } = await this.#public('StartWebAuthnRegistration', { AccessToken })
      const Credential = authenticator.create(CredentialCreationOptions as CreationOptions)
      await this.#public('CompleteWebAuthnRegistration', { AccessToken, Credential })
    }
    await this.#admin('UpdateUserPool', { ...PROTECTED, UserPoolId })
    return (authenticators[0] as Authenticator).id.toString('base64url')
  }

  #challenge(): Promise<{ session: string; challenged: string }> {
    return this.#once('session', async () => {
      const challenged = newName()
      await this.#makeUser(challenged, NEW_PASSWORD, {})
      const { Session } = await this.#public('InitiateAuth', {
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: await this.get('client'),
        AuthParameters: { USERNAME: challenged, PASSWORD: NEW_PASSWORD },
      })
      return { session: Session, challenged }
    }) as Promise<{ session: string; challenged: string }>
  }

  #admin(operation: string, input: unknown): Promise<Answer['json']> {
    return expectOk(operation, call(this.server, operation, input, { sign: true }))
  }

  #public(operation: string, input: unknown): Promise<Answer['json']> {
    return expectOk(operation, call(this.server, operation, input))
  }
}

/** Removes a pool, protected, with domains, or gone as it may be. */
export async function removePool(server: Target, UserPoolId: string): Promise<void> {
  const remove = (): Promise<Answer> => call(server, 'DeleteUserPool', { UserPoolId }, { sign: true })
  const { __type: refused } = (await remove()).json
  if (refused !== 'InvalidParameterException' && refused !== 'OperationNotEnabledException') return
  // The pool may have been promoted away, and has a replica then.
  const replica = (operation: string, RegionName: string, more = {}) =>
    call(server, operation, { UserPoolId, RegionName, ...more }, { sign: true })
  await replica('PromoteUserPoolReplica', server.region)
  await replica('UpdateUserPoolReplica', REPLICA_REGION, { Status: 'INACTIVE' })
  await call(server, 'UpdateUserPool', { UserPoolId, DeletionProtection: 'INACTIVE' }, { sign: true })
  const { UserPool } = (await call(server, 'DescribeUserPool', { UserPoolId }, { sign: true })).json
  const { Domain, CustomDomain } = UserPool as { Domain?: string; CustomDomain?: string }
  for (const name of [Domain, CustomDomain])
    if (name !== undefined) await call(server, 'DeleteUserPoolDomain', { UserPoolId, Domain: name }, { sign: true })
  await replica('DeleteUserPoolReplica', REPLICA_REGION)
  await remove()
}

/** A server whose pools have replicas, for its `env`. */
export const REPLICATED = { FURTHER_REGIONS: REPLICA_REGION }

let names = 0
export const newName = (): string => `n${++names}`

async function expectOk(operation: string, answer: Promise<Answer>): Promise<Answer['json']> {
  const { status, json, text } = await answer
  if (status !== 200) throw new Error(`The world needs ${operation}, which answered ${status} ${text.slice(0, 500)}`)
  return json
}

/** The world of one operation. */
export class World {
  readonly server: Target
  readonly service: TestedService
  readonly operation: string
  readonly #shared: SharedPools
  #own: Fixture
  #other: Fixture

  constructor(server: Target, shared: SharedPools, service: TestedService, operation: string) {
    this.server = server
    this.service = service
    this.operation = operation
    this.#shared = shared
    this.#own = this.#fixture('own')
    this.#other = this.#fixture('other')
  }

  #fixture(whose: 'own' | 'other'): Fixture {
    return this.service.makeFixture(this.server, this.#shared[whose], this.operation)
  }

  /** Who signs: nobody, the account's root, or a user who may do everything. */
  async signer(): Promise<boolean | SigningCredentials> {
    const { contract, signedByUser } = this.service
    const signed = contract.modelOf(this.operation).caller === 'signed'
    if (!signed || !signedByUser) return signed
    this.#shared.administrator ??= makeAdministrator(this.server)
    return this.#shared.administrator
  }

  /** Forgets everything that the operation can change. */
  async renew(): Promise<void> {
    await Promise.all([this.#own.remove(), this.#other.remove()])
    this.#own = this.#fixture('own')
    this.#other = this.#fixture('other')
  }

  /** The text of a request with this input. */
  async textOf(tree: Tree): Promise<string> {
    // An earlier request may have locked the user or removed a resource: then this is tried again in a new world.
    const found = await this.#find(tree).catch(async () => {
      await this.renew()
      return this.#find(tree)
    })
    return this.#write(tree, found)
  }

  #write(tree: Tree, found: Map<string, string>): string {
    const { protocol, contract } = this.service
    return protocol.write(contract.model, this.operation, tree, ({ what, damage }) => {
      const value = found.get(what) as string
      return damage ? damage.apply(value) : value
    })
  }

  async #find(tree: Tree, get = (what: string) => this.#get(what)): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (const { what } of knownIn(tree)) if (!found.has(what)) found.set(what, await get(what))
    return found
  }

  async #get(what: string): Promise<string> {
    if (what === 'cursor' || what === 'otherCursor') return this.#cursor(what === 'cursor' ? 'own' : 'other')
    const other = /^other([A-Z].*)$/.exec(what)?.[1]
    return other === undefined ? this.#own.get(what) : this.#other.get(other.charAt(0).toLowerCase() + other.slice(1))
  }

  /** A page token of the operation itself, for a list in one fixture. */
  async #cursor(whose: 'own' | 'other'): Promise<string> {
    const { contract, listed } = this.service
    const fixture = whose === 'own' ? this.#own : this.#other
    const members = contract.inputMembers(this.operation)
    const size = ['Limit', 'MaxResults', 'MaxItems'].find((name) => members.has(name))
    for (const what of listed) await fixture.get(what)
    const input: Tree = { ...contract.plainInput(this.operation), ...(size !== undefined && { [size]: 1 }) }
    const body = this.#write(input, await this.#find(input, (what) => fixture.get(what)))
    const { json, text } = await call(this.server, this.operation, body, { sign: true, model: contract.model })
    const token = json['NextToken'] ?? json['PaginationToken'] ?? elementOf(text, 'Marker')
    return typeof token === 'string' ? token : 'bm8gc2Vjb25kIHBhZ2U'
  }
}
