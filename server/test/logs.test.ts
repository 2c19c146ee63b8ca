// What the log says, and what it must never say: secrets go through every kind of request while all is logged.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { AdminCreateUserCommand, ConfirmSignUpCommand, SignUpCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeClient, makePool, signIn, startTestServer, useTestServer } from './harness.ts'

const PASSWORD = 'C4nary!password'
const WRONG = 'C4nary!wrong'

describe('the log', () => {
  const lines: string[] = []
  const server = useTestServer({ env: { LOG_LEVEL: 'trace' }, logTo: { write: (line) => void lines.push(line) } })
  const secrets: string[] = [PASSWORD, WRONG]

  beforeAll(async () => {
    const { Id } = await makePool(server, { AutoVerifiedAttributes: ['email'] })
    const { ClientId } = await makeClient(server, Id)
    const { ClientSecret = '' } = await makeClient(server, Id, { GenerateSecret: true })
    const email = 'canary-address@example.com'
    await server.app.send(
      new SignUpCommand({
        ClientId,
        Username: 'ann',
        Password: PASSWORD,
        UserAttributes: [{ Name: 'email', Value: email }],
      }),
    )
    const ConfirmationCode = await server.outbox.latestCode(email)
    await server.app.send(new ConfirmSignUpCommand({ ClientId, Username: 'ann', ConfirmationCode }))
    const tokens = await signIn(server, ClientId, 'ann', PASSWORD)
    const invited = {
      UserPoolId: Id,
      Username: 'bob',
      TemporaryPassword: 'C4nary!temporary',
      MessageAction: 'SUPPRESS',
    } as const
    await server.admin.send(new AdminCreateUserCommand(invited))
    const { Session } = (
      await server.raw('InitiateAuth', {
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId,
        AuthParameters: { USERNAME: 'bob', PASSWORD: invited.TemporaryPassword },
      })
    ).json as { Session: string }
    await server.raw('RespondToAuthChallenge', {
      ClientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME: 'bob', NEW_PASSWORD: 'weak-password' },
    })
    for (const AccessToken of [tokens.AccessToken, `${tokens.AccessToken}x`, tokens.IdToken, 'canary-token'])
      await server.raw('GetUser', { AccessToken })
    await server.raw('ChangePassword', {
      AccessToken: tokens.AccessToken,
      PreviousPassword: WRONG,
      ProposedPassword: 'C4nary!next',
    })
    await server.raw('SignUp', { ClientId, Username: 'x', Password: 'C4n' })
    await server.raw('InitiateAuth', '{"AuthParameters": {"PASSWORD": "C4nary!broken')
    await signIn(server, ClientId, 'ann', WRONG).catch(() => undefined)
    secrets.push(
      ClientSecret,
      ConfirmationCode,
      Session,
      'canary',
      'C4n',
      tokens.AccessToken,
      tokens.IdToken,
      tokens.RefreshToken,
      server.credentials.secretAccessKey,
    )
  })

  it('has one line for each request, with operation, caller, outcome and time', () => {
    const requests = lines.map((line) => JSON.parse(line)).filter((line) => line.requestId !== undefined)
    const signUp = requests.find((line) => line.operation === 'SignUp' && line.outcome === 'ok')
    expect(signUp).toEqual({
      level: 30,
      time: expect.any(Number),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      operation: 'SignUp',
      caller: 'anonymous',
      outcome: 'ok',
      ms: expect.any(Number),
      msg: 'request',
    })
    expect(new Set(requests.map((line) => line.requestId)).size).toBe(requests.length)
    const outcomes = requests.map((line) => `${line.operation} ${line.outcome}`)
    for (const outcome of [
      'CreateUserPool ok',
      'GetUser ok',
      'GetUser NotAuthorizedException',
      'InitiateAuth NotAuthorizedException',
      'InitiateAuth SerializationException',
      'SignUp InvalidParameterException',
      'RespondToAuthChallenge InvalidPasswordException',
    ])
      expect(outcomes).toContain(outcome)
    expect(requests.find((line) => line.operation === 'CreateUserPool').caller).toBe('arn:aws:iam::000000000000:root')
  })

  it('holds no password, code, token, session, address or key', () => {
    const text = lines.join('\n')
    // Six digits may stand within a time or an id by chance; as a word of their own they are the code.
    const word = (secret: string): RegExp =>
      new RegExp(/^\d+$/.test(secret) ? `(?<!\\w)${secret}(?!\\w)` : secret.replace(/[^\w]/g, '\\$&'))
    for (const secret of secrets)
      expect(text, `a secret of ${secret.length} characters is in the log`).not.toMatch(word(secret))
  })
})

it('tells how many connections were closed, and why', async () => {
  const lines: string[] = []
  const server = await startTestServer({
    env: { LOG_LEVEL: 'warn', MAX_CONNECTIONS_PER_ADDRESS: '2' },
    logTo: { write: (line) => void lines.push(line) },
  })
  const { hostname, port } = new URL(server.url)
  const sockets = Array.from({ length: 3 }, () => connect(Number(port), hostname).on('error', () => undefined))
  await once(sockets[0] as Socket, 'close')
  await server.stop()
  for (const socket of sockets) socket.destroy()
  expect(lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg.startsWith('connections were closed'))).toEqual([
    expect.objectContaining({ level: 40, tooManyOfAddress: 1 }),
  ])
})
