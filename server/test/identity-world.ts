// An identity pool with all that its flows need: a user pool with an app, users who sign in, roles for guests and for
// users, clients of the administrator and of apps.
import {
  type CognitoIdentityClient,
  type CreateIdentityPoolCommandInput,
  GetIdCommand,
  type RoleMapping,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity'
import type { IAMClient } from '@aws-sdk/client-iam'
import { afterAll, beforeAll } from 'vitest'
import { iamClient, identityClient } from './aws-clients.ts'
import { makeClient, makePool, makeUser, signIn, type TestServer, type Tokens } from './harness.ts'
import { makeRole, type Statement } from './iam.ts'
import { makeIdentityPool } from './identity.ts'

export const POOL_PRINCIPAL = 'cognito-identity.amazonaws.com'

export interface IdentityWorld {
  readonly admin: CognitoIdentityClient
  /** Unsigned, as in a browser or on a phone. */
  readonly app: CognitoIdentityClient
  readonly iam: IAMClient
  readonly userPoolId: string
  readonly clientId: string
  /** The user pool's key in Logins. */
  readonly provider: string
  /** An identity pool of the user pool's app, with a developer provider and both roles. */
  readonly poolId: string
  readonly roles: { authenticated: string; unauthenticated: string }
  /** Tokens of a user, who is made when there is none. */
  tokensOf(username: string): Promise<Tokens>
  /** Logins of a user at the user pool. */
  loginsOf(username: string): Promise<Record<string, string>>
  getId(Logins?: Record<string, string>, IdentityPoolId?: string): Promise<string>
  /** Another pool of the same app, without roles. */
  makePool(settings?: Partial<CreateIdentityPoolCommandInput>): Promise<string>
  setRoles(poolId: string, RoleMappings?: Record<string, RoleMapping>, roles?: Record<string, string>): Promise<void>
  /** A role that trusts an identity pool. */
  makeRole(name: string, poolId: string, amr: string, ...statements: Statement[]): Promise<string>
}

export const DEVELOPER_PROVIDER = 'login.example.app'

/** Trust of an identity pool, as AWS's console writes it. */
export const poolTrust = (poolId: string, amr: string, ...more: string[]): Statement => ({
  Action: ['sts:AssumeRoleWithWebIdentity', ...more],
  Principal: { Federated: POOL_PRINCIPAL },
  Condition: {
    StringEquals: { [`${POOL_PRINCIPAL}:aud`]: poolId },
    'ForAnyValue:StringLike': { [`${POOL_PRINCIPAL}:amr`]: amr },
  },
})

export async function makeIdentityWorld(server: TestServer): Promise<IdentityWorld & { close(): void }> {
  const admin = identityClient(server)
  const app = identityClient(server, 'nobody')
  const iam = iamClient(server)
  const { Id: userPoolId } = await makePool(server)
  const { ClientId: clientId } = await makeClient(server, userPoolId)
  const provider = `cognito-idp.${server.region}.amazonaws.com/${userPoolId}`
  const settings = {
    CognitoIdentityProviders: [{ ProviderName: provider, ClientId: clientId }],
    DeveloperProviderName: DEVELOPER_PROVIDER,
  }
  const { IdentityPoolId: poolId } = await makeIdentityPool(admin, settings)
  const everything: Statement = { Action: '*' }
  const roleOf = (name: string, pool: string, amr: string, ...statements: Statement[]) =>
    makeRole(iam, name, poolTrust(pool, amr), ...statements)
  const roles = {
    authenticated: await roleOf('Authenticated', poolId, 'authenticated', everything),
    unauthenticated: await roleOf('Guest', poolId, 'unauthenticated', everything),
  }
  const known = new Set<string>()
  const tokensOf = async (username: string): Promise<Tokens> => {
    if (!known.has(username)) {
      known.add(username)
      await makeUser(server, userPoolId, username)
    }
    return signIn(server, clientId, username)
  }
  const setRoles: IdentityWorld['setRoles'] = async (IdentityPoolId, RoleMappings, Roles = roles) => {
    await admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles, RoleMappings }))
  }
  await setRoles(poolId)
  return {
    admin,
    app,
    iam,
    userPoolId,
    clientId,
    provider,
    poolId,
    roles,
    tokensOf,
    loginsOf: async (username) => ({ [provider]: (await tokensOf(username)).IdToken }),
    getId: async (Logins, IdentityPoolId = poolId) =>
      (await app.send(new GetIdCommand({ IdentityPoolId, Logins }))).IdentityId as string,
    makePool: async (more) => (await makeIdentityPool(admin, { ...settings, ...more })).IdentityPoolId,
    setRoles,
    makeRole: roleOf,
    close: () => {
      for (const client of [admin, app, iam]) client.destroy()
    },
  }
}

/** A world for all tests of a `describe`; use it inside of tests and hooks only. */
export function useIdentityWorld(server: TestServer): IdentityWorld {
  let world: Awaited<ReturnType<typeof makeIdentityWorld>> | undefined
  beforeAll(async () => {
    world = await makeIdentityWorld(server)
  })
  afterAll(() => world?.close())
  return new Proxy({} as IdentityWorld, {
    get: (_target, name) => (world as never as Record<PropertyKey, unknown>)[name],
  })
}
