// The resources that requests to identity pools, STS and IAM refer to: an identity pool with guests, users and
// developer users, datasets, and the users, groups, roles, policies, providers and keys of an account. Each is created at its
// first use.

import { cognitoIdentityModel } from '../../src/contract/cognito-identity.model.ts'
import { cognitoSyncModel } from '../../src/contract/cognito-sync.model.ts'
import { iamModel } from '../../src/contract/iam.model.ts'
import type { ServiceModel } from '../../src/contract/service-model.ts'
import { stsModel } from '../../src/contract/sts.model.ts'
import type { SigningCredentials } from '../../src/sigv4/sign.ts'
import { type Answer, call, elementOf, type Target } from '../refusals/raw-request.ts'
import { base64, metadata, response, signed } from '../saml-provider.ts'
import { type Tree, toForm } from './json-tree.ts'
import { ALLOW, DEVELOPER_PROVIDER } from './known-account-values.ts'
import { type Fixture, newName, type UserPoolFixture } from './world.ts'

const POOL_PRINCIPAL = 'cognito-identity.amazonaws.com'

/** A role that everybody in the account, and everybody with a token of the identity pool, may assume. */
const trustOf = (identityPool?: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: '000000000000' },
        Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      },
      ...(identityPool === undefined
        ? []
        : [
            {
              Effect: 'Allow',
              Principal: { Federated: POOL_PRINCIPAL },
              Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
              Condition: { StringEquals: { [`${POOL_PRINCIPAL}:aud`]: identityPool } },
            },
          ]),
    ],
  })

type Made = Record<string, string>

export class AccountFixture implements Fixture {
  readonly server: Target
  readonly #pools: UserPoolFixture
  readonly #made = new Map<string, Promise<Made>>()

  /** With the user pool whose users log in. */
  constructor(server: Target, pools: UserPoolFixture) {
    this.server = server
    this.#pools = pools
  }

  async get(what: string): Promise<string> {
    if (POOL_THINGS.has(what)) return this.#pools.get(what)
    if (what === 'newName') return newName()
    if (what === 'newUrl') return `https://${newName()}.example.com`
    if (what === 'provider') return `cognito-idp.${this.server.region}.amazonaws.com/${await this.#pools.get('pool')}`
    if (what === 'adminKeyId') return this.server.credentials.accessKeyId
    if (what === 'metadata') return metadata()
    const maker = Object.keys(this.#makers).find((name) => PARTS[name]?.includes(what))
    if (maker === undefined) throw new Error(`Nothing is known as ${what}.`)
    return (await this.#once(maker))[what] as string
  }

  /** Removes the resources of which an account may have only few. */
  async remove(): Promise<void> {
    for (const [name, remove] of Object.entries(this.#removers)) {
      const made = await this.#made.get(name)?.catch(() => undefined)
      if (made) await remove(made)
    }
  }

  #once(maker: string): Promise<Made> {
    const made = this.#made.get(maker) ?? (this.#makers[maker] as () => Promise<Made>)()
    this.#made.set(maker, made)
    return made
  }

  readonly #makers: Readonly<Record<string, () => Promise<Made>>> = {
    user: async () => {
      const user = newName()
      const UserName = user
      const { Arn } = await this.#iam('CreateUser', { UserName }, 'Arn')
      await this.#iam('PutUserPolicy', { UserName, PolicyName: 'inline', PolicyDocument: ALLOW })
      await this.#iam('PutUserPolicy', { UserName, PolicyName: 'second', PolicyDocument: ALLOW })
      const key = await this.#iam('CreateAccessKey', { UserName }, 'AccessKeyId')
      return { iamUser: user, iamUserArn: Arn as string, accessKeyId: key['AccessKeyId'] as string }
    },
    secondKey: async () => {
      const UserName = await this.get('iamUser')
      const { AccessKeyId } = await this.#iam('CreateAccessKey', { UserName }, 'AccessKeyId')
      return { secondKeyId: AccessKeyId as string }
    },
    group: async () => {
      const iamGroup = newName()
      const GroupName = iamGroup
      const { Arn } = await this.#iam('CreateGroup', { GroupName }, 'Arn')
      await this.#iam('PutGroupPolicy', { GroupName, PolicyName: 'inline', PolicyDocument: ALLOW })
      await this.#iam('PutGroupPolicy', { GroupName, PolicyName: 'second', PolicyDocument: ALLOW })
      return { iamGroup, iamGroupArn: Arn as string }
    },
    role: async () => {
      const role = newName()
      const RoleName = role
      const { Arn } = await this.#iam('CreateRole', { RoleName, AssumeRolePolicyDocument: trustOf() }, 'Arn')
      await this.#iam('PutRolePolicy', { RoleName, PolicyName: 'inline', PolicyDocument: ALLOW })
      await this.#iam('PutRolePolicy', { RoleName, PolicyName: 'second', PolicyDocument: ALLOW })
      return { role, roleArn: Arn as string }
    },
    linkedRole: async () => {
      const service = { AWSServiceName: 'email.cognito-idp.amazonaws.com' }
      const linkedRole = 'AWSServiceRoleForAmazonCognitoIdpEmailService'
      // One in an account: another fixture's may be there.
      await this.#ask(iamModel, 'CreateServiceLinkedRole', service)
      return { linkedRole }
    },
    deletionTask: async () => {
      const { linkedRole } = await this.#once('linkedRole')
      const { DeletionTaskId } = await this.#iam(
        'DeleteServiceLinkedRole',
        { RoleName: linkedRole as string },
        'DeletionTaskId',
      )
      this.#made.delete('linkedRole')
      return { deletionTask: DeletionTaskId as string }
    },
    policy: async () => {
      const policyName = newName()
      const { Arn } = await this.#iam('CreatePolicy', { PolicyName: policyName, PolicyDocument: ALLOW }, 'Arn')
      const PolicyArn = Arn as string
      await this.#iam('CreatePolicyVersion', { PolicyArn, PolicyDocument: ALLOW })
      return { policyName, policyArn: PolicyArn }
    },
    attachments: async () => {
      const { iamUser, iamGroup, role, policyArn } = {
        ...(await this.#once('user')),
        ...(await this.#once('group')),
        ...(await this.#once('role')),
        ...(await this.#once('policy')),
      } as Made
      const PolicyArn = policyArn as string
      await this.#iam('AddUserToGroup', { UserName: iamUser as string, GroupName: iamGroup as string })
      await this.#iam('AttachUserPolicy', { UserName: iamUser as string, PolicyArn })
      await this.#iam('AttachGroupPolicy', { GroupName: iamGroup as string, PolicyArn })
      await this.#iam('AttachRolePolicy', { RoleName: role as string, PolicyArn })
      return { attachments: PolicyArn }
    },
    oidcProvider: async () => {
      const input = { Url: `https://${newName()}.example.com`, ClientIDList: ['app', 'second'] }
      const { OpenIDConnectProviderArn } = await this.#iam(
        'CreateOpenIDConnectProvider',
        input,
        'OpenIDConnectProviderArn',
      )
      return { oidcUrl: input.Url, oidcArn: OpenIDConnectProviderArn as string }
    },
    samlProvider: async () => {
      const input = { Name: newName(), SAMLMetadataDocument: metadata() }
      const { SAMLProviderArn } = await this.#iam('CreateSAMLProvider', input, 'SAMLProviderArn')
      return { samlArn: SAMLProviderArn as string }
    },
    samlResponse: async () => ({ samlResponse: base64(await signed(response(), '_assertion')) }),
    session: async () => {
      const { SessionToken, AccessKeyId } = await this.#query(stsModel, 'GetSessionToken', {}, [
        'SessionToken',
        'AccessKeyId',
      ])
      return { sessionToken: SessionToken as string, sessionKeyId: AccessKeyId as string }
    },
    identityPool: async () => {
      const { IdentityPoolId } = await this.#identity('CreateIdentityPool', {
        IdentityPoolName: 'bad input',
        AllowUnauthenticatedIdentities: true,
        AllowClassicFlow: true,
        DeveloperProviderName: DEVELOPER_PROVIDER,
        CognitoIdentityProviders: [{ ProviderName: await this.get('provider'), ClientId: await this.get('client') }],
        OpenIdConnectProviderARNs: [await this.get('oidcArn')],
        SamlProviderARNs: [await this.get('samlArn')],
      })
      const identityPool = IdentityPoolId as string
      const { role, roleArn } = await this.#once('role')
      const trust = { RoleName: role as string, PolicyDocument: trustOf(identityPool) }
      await this.#iam('UpdateAssumeRolePolicy', trust)
      await this.#identity('SetIdentityPoolRoles', {
        IdentityPoolId: identityPool,
        Roles: { authenticated: roleArn, unauthenticated: roleArn },
      })
      return {
        identityPool,
        identityPoolArn: `arn:aws:cognito-identity:${this.server.region}:000000000000:identitypool/${identityPool}`,
      }
    },
    guest: async () => {
      const IdentityPoolId = await this.get('identityPool')
      const { IdentityId } = await this.#identity('GetId', { IdentityPoolId })
      const { Token } = await this.#identity('GetOpenIdToken', { IdentityId })
      return { guest: IdentityId as string, poolToken: Token as string }
    },
    datasets: async () => {
      const [IdentityPoolId, IdentityId] = [await this.get('identityPool'), await this.get('guest')]
      const of = (name: string) => `/identitypools/${IdentityPoolId}/identities/${IdentityId}/datasets/${name}`
      const ask = async (method: string, path: string, input?: object): Promise<Answer['json']> => {
        const text = `${method} ${path}\n${input ? JSON.stringify(input) : ''}`
        const { status, json, text: said } = await call(this.server, '', text, { sign: true, model: cognitoSyncModel })
        if (status !== 200) throw worldNeeds(path, status, said)
        return json
      }
      const tokens: string[] = []
      for (const name of ['dataset', 'second']) {
        const { SyncSessionToken } = await ask('GET', `${of(name)}/records`)
        tokens.push(SyncSessionToken as string)
        const RecordPatches = ['a', 'b'].map((Key) => ({ Op: 'replace', Key, Value: 'v', SyncCount: 0 }))
        await ask('POST', of(name), { SyncSessionToken, RecordPatches })
      }
      return { dataset: 'dataset', secondDataset: 'second', syncSessionToken: tokens[0] as string }
    },
    identity: async () => {
      const Logins = { [await this.get('provider')]: await this.get('idToken') }
      const { IdentityId } = await this.#identity('GetId', { IdentityPoolId: await this.get('identityPool'), Logins })
      return { userIdentity: IdentityId as string }
    },
    developer: async () => {
      const IdentityPoolId = await this.get('identityPool')
      const [developerUser, secondDeveloperUser] = [newName(), newName()]
      const login = async (user: string): Promise<Answer['json']> =>
        this.#identity('GetOpenIdTokenForDeveloperIdentity', {
          IdentityPoolId,
          Logins: { [DEVELOPER_PROVIDER]: user },
        })
      const { IdentityId, Token } = await login(developerUser)
      await login(secondDeveloperUser)
      return {
        developerUser,
        secondDeveloperUser,
        developerIdentity: IdentityId as string,
        developerToken: Token as string,
      }
    },
  }

  readonly #removers: Readonly<Record<string, (made: Made) => Promise<void>>> = {
    attachments: async ({ attachments: PolicyArn = '' }) => {
      const { role, iamGroup, iamUser } = {
        ...(await this.#once('role')),
        ...(await this.#once('group')),
        ...(await this.#once('user')),
      } as Made
      await this.#ask(iamModel, 'DetachRolePolicy', { RoleName: role as string, PolicyArn })
      await this.#ask(iamModel, 'DetachGroupPolicy', { GroupName: iamGroup as string, PolicyArn })
      await this.#ask(iamModel, 'DetachUserPolicy', { UserName: iamUser as string, PolicyArn })
      await this.#ask(iamModel, 'RemoveUserFromGroup', { UserName: iamUser as string, GroupName: iamGroup as string })
    },
    secondKey: async ({ secondKeyId: AccessKeyId = '' }) => {
      const { iamUser: UserName = '' } = await this.#once('user')
      await this.#ask(iamModel, 'DeleteAccessKey', { UserName, AccessKeyId })
    },
    user: async ({ iamUser: UserName = '', accessKeyId: AccessKeyId = '' }) => {
      await this.#ask(iamModel, 'DeleteAccessKey', { UserName, AccessKeyId })
      for (const PolicyName of ['inline', 'second'])
        await this.#ask(iamModel, 'DeleteUserPolicy', { UserName, PolicyName })
      await this.#ask(iamModel, 'DeleteUser', { UserName })
    },
    role: async ({ role: RoleName = '' }) => {
      for (const PolicyName of ['inline', 'second'])
        await this.#ask(iamModel, 'DeleteRolePolicy', { RoleName, PolicyName })
      await this.#ask(iamModel, 'DeleteRole', { RoleName })
    },
    group: async ({ iamGroup: GroupName = '' }) => {
      for (const PolicyName of ['inline', 'second'])
        await this.#ask(iamModel, 'DeleteGroupPolicy', { GroupName, PolicyName })
      await this.#ask(iamModel, 'DeleteGroup', { GroupName })
    },
    policy: async ({ policyArn: PolicyArn = '' }) => {
      for (const VersionId of ['v1', 'v2']) await this.#ask(iamModel, 'DeletePolicyVersion', { PolicyArn, VersionId })
      await this.#ask(iamModel, 'DeletePolicy', { PolicyArn })
    },
    oidcProvider: ({ oidcArn = '' }) =>
      this.#ask(iamModel, 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: oidcArn }),
    samlProvider: ({ samlArn = '' }) => this.#ask(iamModel, 'DeleteSAMLProvider', { SAMLProviderArn: samlArn }),
    identityPool: async ({ identityPool: IdentityPoolId = '' }) => {
      await this.#json('DeleteIdentityPool', { IdentityPoolId })
    },
  }

  #iam(operation: string, input: { [member: string]: Tree }, ...elements: string[]): Promise<Made> {
    return this.#query(iamModel, operation, input, elements)
  }

  async #query(
    model: ServiceModel,
    operation: string,
    input: { [member: string]: Tree },
    elements: string[],
  ): Promise<Made> {
    const { status, text } = await callQuery(this.server, model, operation, input)
    if (status !== 200) throw worldNeeds(operation, status, text)
    return Object.fromEntries(elements.map((name) => [name, elementOf(text, name) as string]))
  }

  /** Whatever it is answered with. */
  async #ask(model: ServiceModel, operation: string, input: { [member: string]: Tree }): Promise<void> {
    await callQuery(this.server, model, operation, input)
  }

  #json(operation: string, input: unknown): Promise<Answer> {
    return call(this.server, operation, input, { sign: true, model: cognitoIdentityModel })
  }

  async #identity(operation: string, input: unknown): Promise<Answer['json']> {
    const { status, json, text } = await this.#json(operation, input)
    if (status !== 200) throw worldNeeds(operation, status, text)
    return json
  }
}

/** What each maker makes. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  user: ['iamUser', 'iamUserArn', 'accessKeyId'],
  secondKey: ['secondKeyId'],
  group: ['iamGroup', 'iamGroupArn'],
  role: ['role', 'roleArn'],
  linkedRole: ['linkedRole'],
  deletionTask: ['deletionTask'],
  policy: ['policyName', 'policyArn'],
  attachments: ['attachments'],
  oidcProvider: ['oidcUrl', 'oidcArn'],
  samlProvider: ['samlArn'],
  samlResponse: ['samlResponse'],
  session: ['sessionToken', 'sessionKeyId'],
  identityPool: ['identityPool', 'identityPoolArn'],
  guest: ['guest', 'poolToken'],
  datasets: ['dataset', 'secondDataset', 'syncSessionToken'],
  identity: ['userIdentity'],
  developer: ['developerUser', 'secondDeveloperUser', 'developerIdentity', 'developerToken'],
}

/** What the user pool behind it knows. */
const POOL_THINGS = new Set(['client', 'pool', 'arn', 'idToken', 'accessToken', 'refreshToken'])

/** The key of a user who may do everything. */
export async function makeAdministrator(server: Target): Promise<SigningCredentials> {
  const UserName = newName()
  const PolicyDocument = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
  await callQuery(server, iamModel, 'CreateUser', { UserName })
  await callQuery(server, iamModel, 'PutUserPolicy', { UserName, PolicyName: 'everything', PolicyDocument })
  const { text } = await callQuery(server, iamModel, 'CreateAccessKey', { UserName })
  return {
    accessKeyId: elementOf(text, 'AccessKeyId') as string,
    secretAccessKey: elementOf(text, 'SecretAccessKey') as string,
  }
}

/** A call of the query protocol, signed by the administrator. */
export function callQuery(
  server: Target,
  model: ServiceModel,
  operation: string,
  input: { [member: string]: Tree },
): Promise<Answer> {
  const form = [`Action=${operation}`, `Version=${model.apiVersion}`, ...toForm(input, () => '')].join('&')
  return call(server, operation, form, { sign: true, model })
}

const worldNeeds = (operation: string, status: number, text: string): Error =>
  new Error(`The world needs ${operation}, which answered ${status} ${text.slice(0, 500)}`)
