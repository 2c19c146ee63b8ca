// An application that signs its users in by the OAuth endpoints, for tests.
import { createHash } from 'node:crypto'
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type CreateUserPoolClientCommandInput,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { makeClient, makePool, type TestServer } from './harness.ts'
import { Browser, leaving, type Page } from './page-walker.ts'

export const CALLBACK = 'https://app.example.com/callback'
export const SIGNED_OUT = 'https://app.example.com/goodbye'
export const PASSWORD = 'Correct-horse-1'

export const oauthSettings: Partial<CreateUserPoolClientCommandInput> = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['code', 'implicit'],
  AllowedOAuthScopes: ['openid', 'email', 'phone', 'profile', 'aws.cognito.signin.user.admin'],
  CallbackURLs: [CALLBACK, 'http://localhost:3000/callback', 'myapp://callback'],
  LogoutURLs: [SIGNED_OUT],
  SupportedIdentityProviders: ['COGNITO'],
}

export interface App {
  readonly server: TestServer
  readonly poolId: string
  readonly clientId: string
  readonly secret: string | undefined
  /** The URL of the pool's endpoints. */
  readonly base: string
}

export async function makeApp(
  server: TestServer,
  {
    pool = {},
    client = {},
  }: { pool?: Parameters<typeof makePool>[1]; client?: Partial<CreateUserPoolClientCommandInput> } = {},
): Promise<App> {
  const poolId = (await makePool(server, pool)).Id
  return appIn(server, poolId, client)
}

export async function appIn(
  server: TestServer,
  poolId: string,
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<App> {
  const { ClientId, ClientSecret } = await makeClient(server, poolId, { ...oauthSettings, ...client })
  return { server, poolId, clientId: ClientId, secret: ClientSecret, base: `${server.publicUrl}/${poolId}` }
}

let made = 0

/** An application of a pool that asks for these second factors. */
export async function makeFactorApp(
  server: TestServer,
  factors: Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>,
  settings: Parameters<typeof makeApp>[1] = {},
): Promise<App> {
  const app = await makeApp(server, settings)
  await server.admin.send(new SetUserPoolMfaConfigCommand({ UserPoolId: app.poolId, ...factors }))
  return app
}

/** A user with a password of their own, and these attributes. */
export async function makeUser({ server, poolId }: App, attributes: Record<string, string> = {}): Promise<string> {
  const Username = `user-${++made}`
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
  await server.admin.send(
    new AdminCreateUserCommand({ UserPoolId: poolId, Username, UserAttributes, MessageAction: 'SUPPRESS' }),
  )
  await server.admin.send(
    new AdminSetUserPasswordCommand({ UserPoolId: poolId, Username, Password: PASSWORD, Permanent: true }),
  )
  return Username
}

export const VERIFIER = 'a'.repeat(43)
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

/** The URL that an application sends its user to. */
export function authorizeUrl({ base, clientId }: App, parameters: Record<string, string | undefined> = {}): URL {
  const url = new URL(`${base}/oauth2/authorize`)
  const all: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: CALLBACK,
    ...parameters,
  }
  for (const [name, value] of Object.entries(all)) if (value !== undefined) url.searchParams.set(name, value)
  return url
}

/** Signs in on the sign-in page; resolves with where the application is answered. */
export async function signInByPage(
  app: App,
  username: string,
  parameters: Record<string, string | undefined> = {},
  browser = new Browser(),
): Promise<URL> {
  const page = await browser.get(authorizeUrl(app, parameters))
  return leaving(browser.submit(page, { username, password: PASSWORD }))
}

export interface TokenResponse {
  status: number
  headers: Headers
  json: Record<string, string>
}

/** A call of the token endpoint. */
export async function tokenCall(
  { base }: Pick<App, 'base'>,
  form: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<TokenResponse> {
  const body = new URLSearchParams(form)
  const response = await fetch(`${base}/oauth2/token`, { method: 'POST', body, headers })
  return { status: response.status, headers: response.headers, json: (await response.json()) as Record<string, string> }
}

/** The sign-in page, answered with a name and a password. */
export async function passwordPage(
  app: App,
  browser: Browser,
  username: string,
  parameters: Record<string, string | undefined> = {},
): Promise<Page> {
  return browser.submit(await browser.get(authorizeUrl(app, parameters)), { username, password: PASSWORD })
}

/** The tokens of a code. */
export function redeem(
  app: Pick<App, 'base' | 'clientId'>,
  answered: URL,
  form: Record<string, string> = {},
): Promise<TokenResponse> {
  return tokenCall(app, {
    grant_type: 'authorization_code',
    client_id: app.clientId,
    code: answered.searchParams.get('code') ?? '',
    redirect_uri: CALLBACK,
    ...form,
  })
}
