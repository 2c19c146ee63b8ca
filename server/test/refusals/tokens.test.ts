// Every kind of wrong token at every operation that takes one: only the right token works
// (docs/reference/threats.md 14, 20, 21, 22).
import { randomBytes } from 'node:crypto'
import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  RevokeTokenCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cognitoIdpOperations } from '../../src/cognito-idp/operations.ts'
import { type Tree, toText } from '../bad-input/json-tree.ts'
import { userPools } from '../bad-input/services.ts'
import { SEED } from '../bad-input/trial.ts'
import { makeClient, makePool, makeUser, signIn, startTestServer, type TestServer, type Tokens } from '../harness.ts'
import { postgresUrl } from '../postgres.ts'
import {
  DISABLED,
  EXPIRED,
  forgedTokens,
  INVALID,
  NO_USER,
  noClient,
  RESET,
  REVOKED,
  type Refusal,
  UNVERIFIED,
  type WrongToken,
} from './forged-tokens.ts'
import { type Answer, apiHeaders, call, sendRaw } from './raw-request.ts'
import { privateKeys } from './token-mint.ts'

const { modelOf, plainInput } = userPools.contract

/** Operations that a user calls with a token, in part or always. */
const operations = cognitoIdpOperations
  .map(({ name }) => name)
  .filter((name) => modelOf(name).caller === 'user-token' || modelOf(name).caller === 'token-or-session')

let server: TestServer
let poolId: string
let clientId: string
let wrong: WrongToken[]
let users = 0

beforeAll(async () => {
  const masterKey = randomBytes(32)
  const databaseUrl = await postgresUrl()
  server = await startTestServer({
    env: { DATABASE_URL: databaseUrl, DATABASE_CONNECTIONS: '4', COGNOMEN_MASTER_KEY: masterKey.toString('base64') },
  })
  ;({ poolId, clientId } = await poolAndClient())
  const foreign = await poolAndClient()
  const tokens = await newUser()
  const foreignTokens = await newUser(foreign)
  const ended = await endedTokens()
  const forged = forgedTokens({
    publicUrl: server.publicUrl,
    accessToken: tokens.AccessToken,
    idToken: tokens.IdToken,
    refreshToken: tokens.RefreshToken,
    foreignToken: foreignTokens.AccessToken,
    foreignClientId: foreign.clientId,
    keys: await privateKeys(databaseUrl, masterKey),
    now: Math.floor(server.clock.now() / 1000),
  })
  wrong = [...forged, ...ended]
})
afterAll(() => server?.stop())

async function poolAndClient(): Promise<{ poolId: string; clientId: string }> {
  const { Id } = await makePool(server)
  return { poolId: Id, clientId: (await makeClient(server, Id)).ClientId }
}

async function newUser(at = { poolId, clientId }): Promise<Tokens & { username: string }> {
  const username = `user${++users}`
  await makeUser(server, at.poolId, username, { email: `${username}@example.com`, email_verified: 'true' })
  return { username, ...(await signIn(server, at.clientId, username)) }
}

/** Tokens that were right once. */
async function endedTokens(): Promise<WrongToken[]> {
  const ended: WrongToken[] = []
  const end = async (
    kind: string,
    refusal: Refusal,
    how: (user: Tokens & { named: { UserPoolId: string; Username: string } }) => Promise<unknown>,
    user?: Tokens & { username: string },
  ): Promise<void> => {
    const one = user ?? (await newUser())
    await how({ ...one, named: { UserPoolId: poolId, Username: one.username } })
    ended.push({ kind, token: one.AccessToken, ...refusal })
  }
  await end('revoked', REVOKED, ({ RefreshToken }) =>
    server.app.send(new RevokeTokenCommand({ ClientId: clientId, Token: RefreshToken })),
  )
  await end('signed out everywhere', REVOKED, ({ AccessToken }) =>
    server.app.send(new GlobalSignOutCommand({ AccessToken })),
  )
  await end('signed out by the administrator', REVOKED, ({ named }) =>
    server.admin.send(new AdminUserGlobalSignOutCommand(named)),
  )
  await end('of a deleted user', NO_USER, ({ named }) => server.admin.send(new AdminDeleteUserCommand(named)))
  await end('of a user who was made anew', NO_USER, async ({ named }) => {
    await server.admin.send(new AdminDeleteUserCommand(named))
    await makeUser(server, poolId, named.Username)
  })
  await end('of a disabled user', DISABLED, ({ named }) => server.admin.send(new AdminDisableUserCommand(named)))
  await end('of a user who was disabled for a while', REVOKED, async ({ named }) => {
    await server.admin.send(new AdminDisableUserCommand(named))
    await server.admin.send(new AdminEnableUserCommand(named))
  })
  await end('of a user whose password was reset', RESET, ({ named }) =>
    server.admin.send(new AdminResetUserPasswordCommand(named)),
  )
  const other = await makeClient(server, poolId)
  await end(
    'of a deleted client',
    noClient(other.ClientId),
    () => server.admin.send(new DeleteUserPoolClientCommand({ UserPoolId: poolId, ClientId: other.ClientId })),
    await newUser({ poolId, clientId: other.ClientId }),
  )
  const gone = await poolAndClient()
  await end(
    'of a deleted pool',
    INVALID,
    () => server.admin.send(new DeleteUserPoolCommand({ UserPoolId: gone.poolId })),
    await newUser(gone),
  )
  return ended
}

/** The plainest call of an operation with this token. */
function callWith(operation: string, token: string): Promise<Answer> {
  const input: Tree = { ...plainInput(operation), AccessToken: token }
  return call(
    server,
    operation,
    // The keys of devices have a form.
    toText(input, ({ what }) => (what === 'device' ? 'us-east-1_00000000-0000-4000-8000-000000000000' : 'unused')),
  )
}

const outcome = ({ status, json }: Answer): object => ({ status, error: json.__type, message: json.message })
const texts = [INVALID, UNVERIFIED, EXPIRED, REVOKED, DISABLED].map(({ message }) => message)

describe.each(operations)('%s', (operation) => {
  test('refuses every wrong token with its own text', async () => {
    const answers: object[] = []
    for (const { kind, token } of wrong) answers.push({ kind, ...outcome(await callWith(operation, token)) })
    expect(answers).toEqual(wrong.map(({ kind, error, message }) => ({ kind, status: 400, error, message })))
  })

  test('takes the right one', async () => {
    const { AccessToken } = await newUser()
    const { status, json } = await callWith(operation, AccessToken)
    // Its other members may be refused, or what they name may not be there; the token is not refused.
    expect([200, 400, 501]).toContain(status)
    expect(texts).not.toContain(json.message)
    expect(json.__type).not.toBe('UserNotFoundException')
    if (operation === 'GetUser') expect(status).toBe(200)
  })
})

test('a token acts in its own pool only, though names and addresses are the same in both', async () => {
  const [first, second] = [await poolAndClient(), await poolAndClient()]
  for (const { poolId: at } of [first, second]) await makeUser(server, at, 'ann', { email: 'ann@example.com' })
  const { AccessToken } = await signIn(server, first.clientId, 'ann')
  const change = { AccessToken, UserAttributes: [{ Name: 'name', Value: 'changed' }] }
  await server.app.send(new UpdateUserAttributesCommand(change))
  const nameIn = async (UserPoolId: string): Promise<string | undefined> => {
    const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId, Username: 'ann' }))
    return user.UserAttributes?.find(({ Name }) => Name === 'name')?.Value
  }
  expect([await nameIn(first.poolId), await nameIn(second.poolId)]).toEqual(['changed', undefined])
})

test('no token with one character changed is taken', async () => {
  const { AccessToken } = await newUser()
  const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.']
  const change = fc.record({
    at: fc.nat(AccessToken.length - 1),
    by: fc.constantFrom(...alphabet),
    how: fc.constantFrom('replace', 'replace', 'replace', 'insert', 'remove'),
  })
  await fc.assert(
    fc.asyncProperty(change, async ({ at, by, how }) => {
      const rest = AccessToken.slice(how === 'insert' ? at : at + 1)
      const changed = AccessToken.slice(0, at) + (how === 'remove' ? '' : by) + rest
      if (changed === AccessToken) return
      const { status, json } = await callWith('GetUser', changed)
      expect({ status, error: json.__type }).toEqual({ status: 400, error: 'NotAuthorizedException' })
      expect([INVALID.message, UNVERIFIED.message]).toContain(json.message)
    }),
    { numRuns: 2000, seed: SEED },
  )
  // The token itself is still good.
  expect((await callWith('GetUser', AccessToken)).status).toBe(200)
})

test.each(['Authorization', 'X-Amz-Security-Token', 'Cookie'])('a token in the header %s is none', async (name) => {
  const { AccessToken } = await newUser()
  const { status, json } = await sendRaw(server, {
    headers: [...apiHeaders(server, 'GetUser'), [name, `Bearer ${AccessToken}`]],
    body: JSON.stringify({ accessToken: AccessToken, Token: AccessToken }),
  })
  expect({ status, ...json }).toEqual({
    status: 400,
    __type: 'InvalidParameterException',
    message:
      "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must not be null",
  })
})

// Last: the clock does not go back.
test('a real token ends with its time, to the second', async () => {
  const { AccessToken } = await newUser()
  server.clock.freeze()
  const { exp } = JSON.parse(Buffer.from(AccessToken.split('.')[1] as string, 'base64url').toString()) as {
    exp: number
  }
  server.clock.advance(exp * 1000 - 1 - server.clock.now())
  await server.app.send(new GetUserCommand({ AccessToken }))
  server.clock.advance(1)
  expect(outcome(await callWith('GetUser', AccessToken))).toEqual({ status: 400, ...EXPIRED })
  server.clock.thaw()
})
