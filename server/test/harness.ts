// A server in-process with real SDK clients: what every test beside an operation starts from. Only the clock, randomness
// and the outside world can be replaced.
import { randomBytes } from 'node:crypto'
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type AttributeType,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
  type UserPoolClientType,
  type UserPoolType,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Environment } from '../src/config/env.ts'
import type { Effects } from '../src/effects/effects.ts'
import { type RunningServer, start, type TriggerHandlers } from '../src/server.ts'
import { postgresUrl } from './postgres.ts'
import { someRsaKeyPair } from './rsa-keys.ts'

export type Engine = 'sqlite' | 'postgres'

/** For `describe.each(engines)`: tests of statements run on both engines. */
export const engines: readonly Engine[] = ['sqlite', 'postgres']

/** A clock that a test can advance: the real time plus what was added. */
export class TestClock {
  #ahead = 0
  /** SDK clients sign with the time; they move along. */
  readonly followers: { config: { systemClockOffset: number } }[] = []
  #frozenAt: number | undefined
  /** A client that is made when the clock has moved already. */
  follow(client: { config: { systemClockOffset: number } }): void {
    client.config.systemClockOffset = this.#ahead
    this.followers.push(client)
  }
  now = (): number => (this.#frozenAt ?? Date.now()) + this.#ahead
  /** Stops the clock until `thaw`, so that a slow machine changes nothing. `advance` still works. */
  freeze(): void {
    this.#frozenAt = Date.now()
  }
  thaw(): void {
    this.#frozenAt = undefined
  }
  advance(ms: number): void {
    this.#ahead += ms
    for (const { config } of this.followers) config.systemClockOffset = this.#ahead
  }
}

export interface TestServer extends RunningServer {
  readonly clock: TestClock
  /** Signs with the administrator's key. */
  readonly admin: CognitoIdentityProviderClient
  /** Has no credentials, as in a browser or on a phone. */
  readonly app: CognitoIdentityProviderClient
  /** A raw call: any body, any headers, the bare answer. */
  raw(operation: string, body: unknown, headers?: Record<string, string>): Promise<RawAnswer>
}

export interface RawAnswer {
  status: number
  headers: Headers
  text: string
  /** The parsed body; `{}` for an empty one. */
  json: Record<string, unknown> & { __type?: string; message?: string }
}

export interface TestOptions {
  engine?: Engine
  env?: Environment
  effects?: Partial<Effects>
  triggers?: TriggerHandlers
  logTo?: { write(line: string): void }
}

/** Starts a server; the caller stops it. */
export async function startTestServer({
  engine = 'sqlite',
  env,
  effects,
  triggers,
  logTo,
}: TestOptions = {}): Promise<TestServer> {
  const clock = new TestClock()
  const database: Environment =
    engine === 'postgres' ? { DATABASE_URL: await postgresUrl(), DATABASE_CONNECTIONS: '8' } : {}
  const secrets: Environment = {
    COGNOMEN_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
    COGNOMEN_SECRET_ACCESS_KEY: 'a-secret-key-for-tests-only',
    COGNOMEN_MASTER_KEY: randomBytes(32).toString('base64'),
  }
  const server = await start({
    env: { ...database, ...secrets, LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent', ...env },
    effects: { clock, makeRsaKeyPair: someRsaKeyPair, ...effects },
    ...(triggers && { triggers }),
    logTo,
  })
  const { url: endpoint, region } = server
  const admin = new CognitoIdentityProviderClient({ endpoint, region, credentials: server.credentials, maxAttempts: 1 })
  const app = new CognitoIdentityProviderClient({ endpoint, region, maxAttempts: 1 })
  clock.followers.push(admin)
  return {
    ...server,
    clock,
    admin,
    app,
    raw: (operation, body, headers) => rawCall(endpoint, operation, body, headers),
    stop: async () => {
      admin.destroy()
      app.destroy()
      await server.stop()
    },
  }
}

/** A server for all tests of a file or `describe`; use it inside of tests and hooks only. */
export function useTestServer(options: TestOptions = {}): TestServer {
  let server: TestServer | undefined
  beforeAll(async () => {
    server = await startTestServer(options)
  })
  afterAll(() => server?.stop())
  return new Proxy({} as TestServer, {
    get: (_target, name) => (server as never as Record<PropertyKey, unknown>)[name],
  })
}

async function rawCall(
  endpoint: string,
  operation: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<RawAnswer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      ...headers,
    },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: text === '' ? {} : JSON.parse(text) }
}

export const ALL_FLOWS: NonNullable<CreateUserPoolClientCommandInput['ExplicitAuthFlows']> = [
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
]

export const PASSWORD = 'Passw0rd!x'

/** A pool; its name is made up when none is given. */
export async function makePool(
  server: TestServer,
  settings: Partial<CreateUserPoolCommandInput> = {},
): Promise<UserPoolType & { Id: string }> {
  const { UserPool } = await server.admin.send(new CreateUserPoolCommand({ PoolName: 'test', ...settings }))
  return UserPool as UserPoolType & { Id: string }
}

/** An app client that allows every flow. */
export async function makeClient(
  server: TestServer,
  poolId: string,
  settings: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<UserPoolClientType & { ClientId: string }> {
  const { UserPoolClient } = await server.admin.send(
    new CreateUserPoolClientCommand({
      UserPoolId: poolId,
      ClientName: 'app',
      ExplicitAuthFlows: ALL_FLOWS,
      ...settings,
    }),
  )
  return UserPoolClient as UserPoolClientType & { ClientId: string }
}

/** A confirmed user with PASSWORD, made by the administrator. Returns its sub. */
export async function makeUser(
  server: TestServer,
  poolId: string,
  username: string,
  attributes: Record<string, string> = {},
): Promise<string> {
  const UserAttributes: AttributeType[] = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
  const { User } = await server.admin.send(
    new AdminCreateUserCommand({ UserPoolId: poolId, Username: username, MessageAction: 'SUPPRESS', UserAttributes }),
  )
  await server.admin.send(
    new AdminSetUserPasswordCommand({ UserPoolId: poolId, Username: username, Password: PASSWORD, Permanent: true }),
  )
  return User?.Attributes?.find((attribute) => attribute.Name === 'sub')?.Value as string
}

export interface TestPool {
  readonly poolId: string
  readonly clientId: string
}

/** A pool with an app client for all tests of a file or `describe`; use it inside of tests and hooks only. */
export function usePool(
  server: TestServer,
  settings: {
    pool?: Partial<CreateUserPoolCommandInput>
    client?: Partial<CreateUserPoolClientCommandInput>
    /** Confirmed users with PASSWORD. */
    users?: readonly string[]
  } = {},
): TestPool {
  const made = { poolId: '', clientId: '' }
  beforeAll(async () => {
    made.poolId = (await makePool(server, settings.pool)).Id
    made.clientId = (await makeClient(server, made.poolId, settings.client)).ClientId
    for (const username of settings.users ?? []) await makeUser(server, made.poolId, username)
  })
  return made
}

export interface Tokens {
  AccessToken: string
  IdToken: string
  RefreshToken: string
}

/** Signs in with a plain password. */
export async function signIn(
  server: TestServer,
  clientId: string,
  username: string,
  password = PASSWORD,
): Promise<Tokens> {
  const { AuthenticationResult } = await server.app.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  )
  return AuthenticationResult as Tokens
}

/** The claims in a token, unverified. */
export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())

/** Expects a call to be refused with exactly this error and text. */
export async function expectRefusal(call: Promise<unknown>, name: string, message?: string | RegExp): Promise<void> {
  const error = await call.then(
    () => undefined,
    (thrown: Error) => thrown,
  )
  expect(error, `expected ${name}`).toBeInstanceOf(Error)
  expect({ name: error?.name, message: error?.message }).toEqual({
    name,
    message:
      message === undefined ? error?.message : message instanceof RegExp ? expect.stringMatching(message) : message,
  })
}
