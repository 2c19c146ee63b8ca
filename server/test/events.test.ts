// Each kind of event, through the operation that makes it: its line in the log says which pool, client and user, and
// nothing that proves anything, reaches anybody or names a stranger.
import { GetCredentialsForIdentityCommand } from '@aws-sdk/client-cognito-identity'
import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminDeleteSoftwareTokenCommand,
  AdminDeleteUserCommand,
  AdminDisableProviderForUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminForgetDeviceCommand,
  AdminLinkProviderForUserCommand,
  AdminResetUserPasswordCommand,
  AdminRevokeUserSessionCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
  AssociateSoftwareTokenCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  DeleteUserCommand,
  DeleteWebAuthnCredentialCommand,
  type ExplicitAuthFlowsType,
  ForgetDeviceCommand,
  ForgotPasswordCommand,
  GetClientTokenCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserAttributeVerificationCodeCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  RevokeUserSessionCommand,
  SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  VerifySoftwareTokenCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as events from '../src/events.ts'
import { Authenticator, type Twist } from './authenticator.ts'
import { deviceClient } from './devices.ts'
import { makeFederatedApp, ownProvider, shownUser } from './federated-app.ts'
import { claimsOf, makeClient, makePool, makeUser, PASSWORD, signIn, type Tokens, useTestServer } from './harness.ts'
import { makeGoogle } from './identity-providers.ts'
import { type IdentityWorld, makeIdentityWorld } from './identity-world.ts'
import { appIn, authorizeUrl, CALLBACK, makeUser as makePageUser, redeem, signInByPage, tokenCall } from './oauth.ts'
import { signInAtProvider, useOpenIdProvider } from './openid-providers.ts'
import { until } from './outbox-parts.ts'
import { Browser } from './page-walker.ts'
import { beginWithPasskey, PASSKEY_CLIENT, PASSKEY_POOL, registerPasskey } from './passkeys.ts'
import { ask, newCodes, recoveryPool } from './recovery-codes.ts'
import { codeOf, giveToken, STEP_MS, TOTP, wrongCodeOf } from './second-factors.ts'
import { signUpUser } from './sign-up.ts'
import { arn, useTriggers } from './triggers.ts'
import { csvOf, importFile } from './user-import.ts'
import { refresh as refreshAt, sessionIdOf, sessionsOf, setTracking } from './user-sessions.ts'

const lines: string[] = []
const world = useTriggers()
const server = useTestServer({
  env: { ...world.env, LOG_LEVEL: 'info' },
  triggers: world.triggers,
  logTo: { write: (line) => void lines.push(line) },
})
/** Names, addresses, codes, passwords and tokens that went through the server. */
const secrets = new Set<string>([PASSWORD])
let pool: string
let client: string
let rotating: string

beforeAll(async () => {
  pool = (await makePool(server, { AutoVerifiedAttributes: ['email'] })).Id
  client = (await makeClient(server, pool)).ClientId
  const rotation = { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 } as const
  rotating = (
    await makeClient(server, pool, { RefreshTokenRotation: rotation, ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] })
  ).ClientId
})

type Event = Record<string, unknown>

/** The events in the log so far. */
const logged = (): Event[] =>
  lines
    .map((line) => JSON.parse(line) as Event)
    .filter(({ event }) => event !== undefined)
    .map(({ level: _level, time: _time, msg: _msg, ...event }) => event)

/** The events of what `act` does, refused or not. */
async function eventsOf(act: () => Promise<unknown>): Promise<Event[]> {
  const before = logged().length
  await act().catch(() => undefined)
  return logged().slice(before)
}

const ofAdmin = (name: string) => ({ UserPoolId: pool, Username: name })
const keep = <Secret extends string>(secret: Secret): Secret => {
  secrets.add(secret)
  return secret
}
const addressOf = (name: string): string => keep(`${name}@canary.example`)
const codeTo = async (name: string): Promise<string> => keep(await server.outbox.latestCode(addressOf(name)))

/** A sign-up that waits for its code; its sub. */
async function signUp(name: string): Promise<string> {
  const UserAttributes = [{ Name: 'email', Value: addressOf(name) }]
  const { UserSub = '' } = await server.app.send(
    new SignUpCommand({ ClientId: client, Username: keep(name), Password: PASSWORD, UserAttributes }),
  )
  return UserSub
}

const confirm = (name: string, ConfirmationCode: string) =>
  server.app.send(new ConfirmSignUpCommand({ ClientId: client, Username: name, ConfirmationCode }))

/** A confirmed user and what a sign-in gives. */
async function signedInUser(name: string, at = client): Promise<Tokens & { sub: string }> {
  const sub = await signUp(name)
  await confirm(name, await codeTo(name))
  const tokens = await signIn(server, at, name)
  keep(tokens.AccessToken)
  keep(tokens.IdToken)
  keep(tokens.RefreshToken)
  return { ...tokens, sub }
}

const withPassword = (USERNAME: string, password: string, ClientId = client) =>
  server.app.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId,
      AuthParameters: { USERNAME: keep(USERNAME), PASSWORD: keep(password) },
    }),
  )

describe('sign-up', () => {
  it('is noted with its code, wrong codes and the confirmation', async () => {
    let sub = ''
    const made = await eventsOf(async () => {
      sub = await signUp('canary-ann')
    })
    const sent = { event: 'code-sent', pool, sub, purpose: 'sign-up', attribute: 'email' }
    expect(made).toEqual([{ event: 'signed-up', pool, client, sub }, sent])
    const resend = () =>
      server.app.send(new ResendConfirmationCodeCommand({ ClientId: client, Username: 'canary-ann' }))
    expect(await eventsOf(resend)).toEqual([sent])
    const code = await codeTo('canary-ann')
    const wrong = keep(code === '111111' ? '222222' : '111111')
    expect(await eventsOf(() => confirm('canary-ann', wrong))).toEqual([
      { event: 'code-refused', pool, sub, purpose: 'sign-up', reason: 'wrong' },
    ])
    expect(await eventsOf(() => confirm('canary-ann', code))).toEqual([
      { event: 'sign-up-confirmed', pool, sub, by: 'code' },
    ])
  })

  it('may be confirmed by an administrator', async () => {
    const sub = await signUp('canary-bob')
    expect(await eventsOf(() => server.admin.send(new AdminConfirmSignUpCommand(ofAdmin('canary-bob'))))).toEqual([
      { event: 'sign-up-confirmed', pool, sub, by: 'administrator' },
    ])
  })
})

describe('sign-in', () => {
  it('is noted, and so is why it is refused', async () => {
    const { sub } = await signedInUser('canary-cleo')
    const refused = (reason: string) => ({ event: 'sign-in-refused', pool, client, sub, reason })
    expect(await eventsOf(() => withPassword('canary-cleo', PASSWORD))).toEqual([
      { event: 'signed-in', pool, client, sub },
    ])
    expect(await eventsOf(() => withPassword('canary-cleo', 'C4nary!wrong'))).toEqual([refused('wrong-password')])
    for (let guess = 0; guess < 4; guess++) await withPassword('canary-cleo', 'C4nary!wrong').catch(() => undefined)
    expect(await eventsOf(() => withPassword('canary-cleo', PASSWORD))).toEqual([refused('locked')])
    server.clock.advance(60_000)
    await server.admin.send(new AdminDisableUserCommand(ofAdmin('canary-cleo')))
    expect(await eventsOf(() => withPassword('canary-cleo', PASSWORD))).toEqual([refused('disabled')])
    const unconfirmed = await signUp('canary-dan')
    expect(await eventsOf(() => withPassword('canary-dan', PASSWORD))).toEqual([
      { ...refused('unconfirmed'), sub: unconfirmed },
    ])
  })

  it.each(['ENABLED', 'LEGACY'] as const)('at a name that nobody has says nothing of the name (%s)', async (hides) => {
    const { ClientId } = await makeClient(server, pool, { PreventUserExistenceErrors: hides })
    expect(await eventsOf(() => withPassword('canary-nobody', PASSWORD, ClientId))).toEqual([
      { event: 'sign-in-refused', pool, client: ClientId, reason: 'unknown-user' },
    ])
  })

  it('goes on with a challenge after an invitation', async () => {
    const invited = { ...ofAdmin(keep('canary-eve')), TemporaryPassword: keep('C4nary!temporary') }
    let sub = ''
    const made = await eventsOf(async () => {
      const { User } = await server.admin.send(new AdminCreateUserCommand({ ...invited, MessageAction: 'SUPPRESS' }))
      sub = User?.Attributes?.find(({ Name }) => Name === 'sub')?.Value as string
    })
    expect(made).toEqual([{ event: 'user-created', pool, sub }])
    const again = new AdminCreateUserCommand({ ...invited, MessageAction: 'RESEND' })
    expect(await eventsOf(() => server.admin.send(again))).toEqual([{ event: 'user-invited-again', pool, sub }])
    let Session: string | undefined
    const begun = await eventsOf(async () => {
      Session = keep((await withPassword('canary-eve', invited.TemporaryPassword)).Session as string)
    })
    expect(begun).toEqual([{ event: 'challenged', pool, client, sub, challenge: 'NEW_PASSWORD_REQUIRED' }])
    const answer = new RespondToAuthChallengeCommand({
      ClientId: client,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME: 'canary-eve', NEW_PASSWORD: PASSWORD },
    })
    expect(await eventsOf(() => server.app.send(answer))).toEqual([
      { event: 'password-changed', pool, sub, by: 'invitation' },
      { event: 'signed-in', pool, client, sub },
    ])
  })
})

describe('tokens', () => {
  const refresh = (REFRESH_TOKEN: string) =>
    server.app.send(
      new InitiateAuthCommand({
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        ClientId: client,
        AuthParameters: { REFRESH_TOKEN: keep(REFRESH_TOKEN) },
      }),
    )

  it('are refreshed and revoked', async () => {
    const { sub, RefreshToken } = await signedInUser('canary-fay')
    const user = { pool, client, sub }
    expect(await eventsOf(() => refresh(RefreshToken))).toEqual([{ event: 'token-refreshed', ...user }])
    expect(await eventsOf(() => refresh('canary-invented'))).toEqual([
      { event: 'refresh-refused', pool, client, reason: 'invalid' },
    ])
    const revoke = new RevokeTokenCommand({ ClientId: client, Token: RefreshToken })
    expect(await eventsOf(() => server.app.send(revoke))).toEqual([
      { event: 'signed-out', pool, sub, from: 'one sign-in', by: 'user' },
    ])
    expect(await eventsOf(() => refresh(RefreshToken))).toEqual([
      { event: 'refresh-refused', ...user, reason: 'revoked' },
    ])
  })

  it('that were rotated away end their sign-in when they come back', async () => {
    const { sub, RefreshToken } = await signedInUser('canary-gil', rotating)
    const rotate = () => server.app.send(new GetTokensFromRefreshTokenCommand({ ClientId: rotating, RefreshToken }))
    const user = { pool, client: rotating, sub }
    expect(await eventsOf(rotate)).toEqual([{ event: 'token-refreshed', ...user }])
    server.clock.advance(1000)
    expect(await eventsOf(rotate)).toEqual([{ event: 'refresh-refused', ...user, reason: 'reused' }])
  })

  it('end everywhere, by the user and by an administrator', async () => {
    const { sub, AccessToken } = await signedInUser('canary-hal')
    const out = { event: 'signed-out', pool, sub, from: 'everywhere' }
    expect(await eventsOf(() => server.app.send(new GlobalSignOutCommand({ AccessToken })))).toEqual([
      { ...out, by: 'user' },
    ])
    expect(await eventsOf(() => server.admin.send(new AdminUserGlobalSignOutCommand(ofAdmin('canary-hal'))))).toEqual([
      { ...out, by: 'administrator' },
    ])
  })
})

describe('sessions in a pool that tracks them', () => {
  it('end when the user or an administrator revokes them, or when there are too many', async () => {
    const { Id: tracking } = await makePool(server)
    const { ClientId } = await makeClient(server, tracking)
    await setTracking(server, tracking, 'ENABLED', 2)
    const sub = await makeUser(server, tracking, 'canary-ivo')
    const next = async (): Promise<Tokens> => {
      server.clock.advance(1000)
      return signIn(server, ClientId, 'canary-ivo')
    }
    const user = { pool: tracking, sub }
    const signedIn = { event: 'signed-in', client: ClientId, ...user }
    const out = { event: 'signed-out', from: 'one sign-in', ...user }
    const [first, second] = [await next(), await next()]
    expect(await eventsOf(next)).toEqual([{ ...out, by: 'session limit' }, signedIn])
    const { AccessToken } = await next()
    expect(
      await eventsOf(async () => {
        const other = (await sessionsOf(server, { AccessToken })).find(({ IsCurrentSession }) => !IsCurrentSession)
        await server.app.send(new RevokeUserSessionCommand({ AccessToken, SessionId: other?.SessionId }))
      }),
    ).toEqual([{ ...out, by: 'user' }])
    const SessionId = sessionIdOf({ AccessToken })
    const Username = 'canary-ivo'
    const revoke = new AdminRevokeUserSessionCommand({ UserPoolId: tracking, Username, SessionId })
    expect(await eventsOf(() => server.admin.send(revoke))).toEqual([{ ...out, by: 'administrator' }])
    for (const token of [first, second, { AccessToken }]) keep(token.AccessToken)
  })
})

it('a refresh token that was left unused is noted when it is refused', async () => {
  const UserPoolTags = { 'cognomen:refresh-idle-minutes': '1' }
  const { Id: idle } = await makePool(server, { UserPoolTags })
  const { ClientId } = await makeClient(server, idle)
  const sub = await makeUser(server, idle, 'canary-jo')
  const tokens = await signIn(server, ClientId, 'canary-jo')
  server.clock.advance(61_000)
  expect(await eventsOf(() => refreshAt(server, ClientId, tokens).catch(() => undefined))).toEqual([
    { event: 'refresh-refused', pool: idle, client: ClientId, sub, reason: 'idle' },
  ])
})

it('a token of an application is noted', async () => {
  const made = await makeClient(server, pool, {
    GenerateSecret: true,
    ExplicitAuthFlows: ['ALLOW_CLIENT_TOKEN_AUTH' as ExplicitAuthFlowsType],
  })
  const { ClientId } = made
  const Secret = keep(made.ClientSecret as string)
  const get = async (): Promise<void> => {
    const { ClientAuthenticationResult } = await server.admin.send(new GetClientTokenCommand({ ClientId, Secret }))
    keep(ClientAuthenticationResult?.AccessToken as string)
  }
  expect(await eventsOf(get)).toEqual([{ event: 'client-token-issued', pool, client: ClientId }])
})

it('the exchange of a token is noted', async () => {
  const UserPoolTags = { 'cognomen:token-exchange:orders': 'stock' }
  const { Id } = await makePool(server, { UserPoolTags })
  const app = await appIn(server, Id)
  const orders = await appIn(server, Id, { ClientName: 'orders', GenerateSecret: true })
  const username = await makePageUser(app)
  const { json } = await redeem(app, await signInByPage(app, username))
  const subject = keep(json['access_token'] as string)
  const exchange = async (): Promise<void> => {
    const given = await tokenCall(orders, {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      client_id: orders.clientId,
      client_secret: keep(orders.secret as string),
      subject_token: subject,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: 'stock',
    })
    keep(given.json['access_token'] as string)
  }
  const { sub } = claimsOf(subject)
  expect(await eventsOf(exchange)).toEqual([{ event: 'token-exchanged', pool: Id, client: orders.clientId, sub }])
})

it('an import: its counts, and nobody whom it brought', async () => {
  const ended = () => logged().filter(({ event }) => event === 'user-import')
  const file = csvOf(
    ['email', 'email_verified'],
    [[keep('brought-over'), addressOf('brought-over'), 'true'], [keep('not verified')]],
  )
  let job = ''
  const importing = async (): Promise<void> => {
    const before = ended().length
    job = (await importFile(server, pool, file)).JobId
    await until(async () => ended().length > before)
  }
  expect(await eventsOf(importing)).toEqual([
    {
      event: 'user-import',
      pool,
      job,
      status: 'Succeeded',
      imported: 1,
      skipped: 0,
      failed: 1,
      usersPerSecond: expect.any(Number),
    },
  ])
})

describe('a device', () => {
  it('is confirmed, and forgotten by its user or an administrator; a wrong secret or an unknown key is refused', async () => {
    const { Id: poolId } = await makePool(server, { DeviceConfiguration: { ChallengeRequiredOnNewDevice: false } })
    const { ClientId: clientId } = await makeClient(server, poolId)
    const name = keep('canary-dev')
    const sub = await makeUser(server, poolId, name)
    const { begin, confirm, answer } = deviceClient(server, { poolId, clientId })
    const begun = (await begin(name)).AuthenticationResult
    const device = begun?.NewDeviceMetadata?.DeviceKey as string
    const of = { pool: poolId, sub, device }
    let made: Awaited<ReturnType<typeof confirm>> | undefined
    const confirmed = await eventsOf(async () => {
      made = await confirm(begun)
    })
    expect(confirmed).toEqual([{ event: 'device-confirmed', ...of }])
    const refused = (reason: string) => ({ event: 'sign-in-refused', pool: poolId, client: clientId, sub, reason })
    const wrong = { key: device, groupKey: made?.device.groupKey as string, password: keep('canary-secret') }
    const { Session } = await begin(name, device)
    const challenged = {
      event: 'challenged',
      pool: poolId,
      client: clientId,
      sub,
      challenge: 'DEVICE_PASSWORD_VERIFIER',
    }
    expect(await eventsOf(() => answer(name, wrong, Session))).toEqual([challenged, refused('wrong-device-secret')])
    const refresh = new GetTokensFromRefreshTokenCommand({ ClientId: clientId, RefreshToken: begun?.RefreshToken })
    expect(await eventsOf(() => server.app.send(refresh))).toEqual([
      { event: 'refresh-refused', pool: poolId, client: clientId, sub, reason: 'wrong-device' },
    ])
    const forget = new ForgetDeviceCommand({ AccessToken: begun?.AccessToken, DeviceKey: device })
    expect(await eventsOf(() => server.app.send(forget))).toEqual([{ event: 'device-forgotten', ...of, by: 'user' }])
    expect(await eventsOf(() => begin(name, device))).toEqual([refused('unknown-device')])
    const next = await confirm((await begin(name)).AuthenticationResult)
    const byAdmin = { UserPoolId: poolId, Username: name, DeviceKey: next.device.key }
    expect(await eventsOf(() => server.admin.send(new AdminForgetDeviceCommand(byAdmin)))).toEqual([
      { event: 'device-forgotten', ...of, device: next.device.key, by: 'administrator' },
    ])
  })
})

describe('a password', () => {
  it('is changed by the user, who must know it', async () => {
    const { sub, AccessToken } = await signedInUser('canary-ida')
    const change = (PreviousPassword: string) =>
      server.app.send(
        new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword: keep('C4nary!next') }),
      )
    expect(await eventsOf(() => change('C4nary!wrong'))).toEqual([
      { event: 'password-change-refused', pool, sub, reason: 'wrong-password' },
    ])
    expect(await eventsOf(() => change(PASSWORD))).toEqual([{ event: 'password-changed', pool, sub, by: 'user' }])
  })

  it('is forgotten and set with a code; for a name that nobody has, nothing is sent', async () => {
    const { sub } = await signedInUser('canary-jo')
    const forgot = (Username: string, ClientId = client) =>
      server.app.send(new ForgotPasswordCommand({ ClientId, Username }))
    const purpose = 'forgot-password'
    expect(await eventsOf(() => forgot('canary-jo'))).toEqual([
      { event: 'code-sent', pool, sub, purpose, attribute: 'email' },
    ])
    const set = (Username: string, ConfirmationCode: string, ClientId = client) =>
      server.app.send(new ConfirmForgotPasswordCommand({ ClientId, Username, ConfirmationCode, Password: PASSWORD }))
    const code = await codeTo('canary-jo')
    const refused = { event: 'code-refused', pool, purpose, reason: 'wrong' }
    expect(await eventsOf(() => set('canary-jo', code === '111111' ? '222222' : '111111'))).toEqual([
      { ...refused, sub },
    ])
    expect(await eventsOf(() => set('canary-jo', code))).toEqual([{ event: 'password-changed', pool, sub, by: 'code' }])

    const { ClientId } = await makeClient(server, pool, { PreventUserExistenceErrors: 'ENABLED' })
    expect(await eventsOf(() => forgot('canary-nobody', ClientId))).toEqual([
      { event: 'code-simulated', pool, purpose },
    ])
    expect(await eventsOf(() => set('canary-nobody', '111111', ClientId))).toEqual([refused])
  })

  it('is set, and taken away, by an administrator', async () => {
    const { sub } = await signedInUser('canary-kim')
    const set = new AdminSetUserPasswordCommand({ ...ofAdmin('canary-kim'), Password: PASSWORD, Permanent: true })
    expect(await eventsOf(() => server.admin.send(set))).toEqual([
      { event: 'password-changed', pool, sub, by: 'administrator' },
    ])
    expect(await eventsOf(() => server.admin.send(new AdminResetUserPasswordCommand(ofAdmin('canary-kim'))))).toEqual([
      { event: 'password-reset', pool, sub },
      { event: 'code-sent', pool, sub, purpose: 'forgot-password', attribute: 'email' },
    ])
    expect(await eventsOf(() => withPassword('canary-kim', PASSWORD))).toEqual([
      { event: 'sign-in-refused', pool, client, sub, reason: 'reset-required' },
    ])
  })
})

describe('a user', () => {
  it('proves a changed address', async () => {
    const { sub, AccessToken } = await signedInUser('canary-lea')
    const sent = { event: 'code-sent', pool, sub, purpose: 'verify:email', attribute: 'email' }
    const change = (value: string) => [{ Name: 'email', Value: addressOf(value) }]
    const update = new UpdateUserAttributesCommand({ AccessToken, UserAttributes: change('canary-lea-2') })
    expect(await eventsOf(() => server.app.send(update))).toEqual([sent])
    const byAdmin = new AdminUpdateUserAttributesCommand({
      ...ofAdmin('canary-lea'),
      UserAttributes: change('canary-lea-3'),
    })
    expect(await eventsOf(() => server.admin.send(byAdmin))).toEqual([sent])
    const ask = new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: 'email' })
    expect(await eventsOf(() => server.app.send(ask))).toEqual([sent])
    const verify = (Code: string) =>
      server.app.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }))
    const code = await codeTo('canary-lea-3')
    expect(await eventsOf(() => verify(code === '111111' ? '222222' : '111111'))).toEqual([
      { event: 'code-refused', pool, sub, purpose: 'verify:email', reason: 'wrong' },
    ])
    expect(await eventsOf(() => verify(code))).toEqual([{ event: 'attribute-verified', pool, sub, attribute: 'email' }])
  })

  it('sets up an authenticator app, proves it, prefers it and loses it', async () => {
    const { sub, AccessToken } = await signedInUser('canary-ivy')
    const factors = { UserPoolId: pool, MfaConfiguration: 'OPTIONAL', ...TOTP } as const
    await server.admin.send(new SetUserPoolMfaConfigCommand(factors))
    const { SecretCode = '' } = await server.app.send(new AssociateSoftwareTokenCommand({ AccessToken }))
    keep(SecretCode)
    const FriendlyDeviceName = keep('canary-phone')
    const verify = (UserCode: string) => () =>
      server.app.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: keep(UserCode), FriendlyDeviceName }))
    const [right, wrong] = [codeOf(SecretCode, server.clock.now()), wrongCodeOf(SecretCode, server.clock.now())]
    expect(await eventsOf(verify(wrong))).toEqual([{ event: 'software-token-refused', pool, sub }])
    expect(await eventsOf(verify(right))).toEqual([{ event: 'software-token-set-up', pool, sub, by: 'token' }])
    const changed = { event: 'second-factors-changed', pool, sub }
    const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true }
    const prefer = new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings })
    expect(await eventsOf(() => server.app.send(prefer))).toEqual([
      { ...changed, by: 'user', on: ['SOFTWARE_TOKEN_MFA'] },
    ])
    let Session: string | undefined
    const begun = await eventsOf(async () => {
      Session = keep((await withPassword('canary-ivy', PASSWORD)).Session as string)
    })
    expect(begun).toEqual([{ event: 'challenged', pool, client, sub, challenge: 'SOFTWARE_TOKEN_MFA' }])
    const answer = (SOFTWARE_TOKEN_MFA_CODE: string) => () =>
      server.app.send(
        new RespondToAuthChallengeCommand({
          ClientId: client,
          ChallengeName: 'SOFTWARE_TOKEN_MFA',
          Session,
          ChallengeResponses: { USERNAME: 'canary-ivy', SOFTWARE_TOKEN_MFA_CODE: keep(SOFTWARE_TOKEN_MFA_CODE) },
        }),
      )
    const refused = { event: 'sign-in-refused', pool, client, sub }
    expect(await eventsOf(answer(wrong))).toEqual([{ ...refused, reason: 'wrong-software-token' }])
    expect(await eventsOf(answer(right))).toEqual([{ ...refused, reason: 'used-software-token' }])
    server.clock.advance(STEP_MS)
    expect(await eventsOf(answer(codeOf(SecretCode, server.clock.now())))).toEqual([
      { event: 'signed-in', pool, client, sub },
    ])
    const off = new AdminSetUserMFAPreferenceCommand({
      ...ofAdmin('canary-ivy'),
      SoftwareTokenMfaSettings: { Enabled: false },
    })
    expect(await eventsOf(() => server.admin.send(off))).toEqual([{ ...changed, by: 'administrator', on: [] }])
    const remove = new AdminDeleteSoftwareTokenCommand(ofAdmin('canary-ivy'))
    expect(await eventsOf(() => server.admin.send(remove))).toEqual([{ event: 'software-token-removed', pool, sub }])
  })

  it('is disabled, enabled and deleted', async () => {
    const { sub } = await signedInUser('canary-max')
    const admin = (command: typeof AdminDisableUserCommand) => () =>
      server.admin.send(new command(ofAdmin('canary-max')))
    expect(await eventsOf(admin(AdminDisableUserCommand))).toEqual([{ event: 'user-disabled', pool, sub }])
    expect(await eventsOf(admin(AdminEnableUserCommand as never))).toEqual([{ event: 'user-enabled', pool, sub }])
    expect(await eventsOf(admin(AdminDeleteUserCommand as never))).toEqual([
      { event: 'user-deleted', pool, sub, by: 'administrator' },
    ])
    const { sub: other, AccessToken } = await signedInUser('canary-nia')
    expect(await eventsOf(() => server.app.send(new DeleteUserCommand({ AccessToken })))).toEqual([
      { event: 'user-deleted', pool, sub: other, by: 'user' },
    ])
  })
})

it('recovery codes are made, used and deleted', async () => {
  const { poolId, clientId } = await recoveryPool(server)
  const user = { pool: poolId, sub: await makeUser(server, poolId, keep('canary-una')) }
  const { AccessToken } = await signIn(server, clientId, 'canary-una')
  keep(await giveToken(server, clientId, 'canary-una'))
  let codes: string[] = []
  const made = await eventsOf(async () => {
    codes = await newCodes(server, AccessToken)
  })
  expect(made).toEqual([{ event: 'recovery-codes-made', ...user, count: 3 }])
  for (const code of codes) keep(code)
  const { Session } = await withPassword('canary-una', PASSWORD, clientId)
  const answer = (SOFTWARE_TOKEN_MFA_CODE: string) => () =>
    server.app.send(
      new RespondToAuthChallengeCommand({
        ClientId: clientId,
        ChallengeName: 'SOFTWARE_TOKEN_MFA',
        Session,
        ChallengeResponses: { USERNAME: 'canary-una', SOFTWARE_TOKEN_MFA_CODE },
      }),
    )
  expect(await eventsOf(answer('00000-00000'))).toEqual([
    { event: 'sign-in-refused', ...user, client: clientId, reason: 'wrong-recovery-code' },
  ])
  expect(await eventsOf(answer(codes[0] as string))).toEqual([
    { event: 'recovery-code-used', ...user, client: clientId, left: 2 },
    { event: 'signed-in', ...user, client: clientId },
  ])
  const remove = () => ask(server, 'DeleteRecoveryCodes', { AccessToken })
  expect(await eventsOf(remove)).toEqual([{ event: 'recovery-codes-deleted', ...user, by: 'user' }])
  expect(await eventsOf(remove)).toEqual([])
  await newCodes(server, AccessToken)
  const named = { UserPoolId: poolId, Username: 'canary-una' }
  expect(await eventsOf(() => ask(server, 'AdminDeleteRecoveryCodes', named, true))).toEqual([
    { event: 'recovery-codes-deleted', ...user, by: 'administrator' },
  ])
})

it('a passkey is registered, signed in with and deleted by its user, and its copy refused', async () => {
  const { Id: poolId } = await makePool(server, PASSKEY_POOL)
  const { ClientId: clientId } = await makeClient(server, poolId, PASSKEY_CLIENT)
  const sub = await makeUser(server, poolId, keep('canary-pia'))
  const { AccessToken } = await signIn(server, clientId, 'canary-pia')
  const authenticator = new Authenticator()
  const user = { pool: poolId, client: clientId, sub }
  expect(await eventsOf(() => registerPasskey(server, keep(AccessToken), authenticator))).toEqual([
    { event: 'passkey-registered', ...user },
  ])
  const signInWith = async (twist: Twist = {}) => {
    const { session, options } = await beginWithPasskey(server, clientId, 'canary-pia')
    const CREDENTIAL = JSON.stringify(authenticator.get(options, twist))
    await server.app.send(
      new RespondToAuthChallengeCommand({
        ClientId: clientId,
        ChallengeName: 'WEB_AUTHN',
        Session: session,
        ChallengeResponses: { USERNAME: 'canary-pia', CREDENTIAL },
      }),
    )
  }
  const challenged = { event: 'challenged', ...user, challenge: 'WEB_AUTHN' }
  expect(await eventsOf(signInWith)).toEqual([challenged, { event: 'signed-in', ...user }])
  expect(await eventsOf(() => signInWith({ counter: 1 }))).toEqual([
    challenged,
    { event: 'sign-in-refused', ...user, reason: 'cloned-passkey' },
  ])
  expect(await eventsOf(() => signInWith({ flags: { up: false } }))).toEqual([
    challenged,
    { event: 'sign-in-refused', ...user, reason: 'wrong-passkey' },
  ])
  const CredentialId = authenticator.id.toString('base64url')
  const remove = new DeleteWebAuthnCredentialCommand({ AccessToken, CredentialId })
  expect(await eventsOf(() => server.app.send(remove))).toEqual([{ event: 'passkey-deleted', ...user }])
})

it('a spent budget is noted with its kind, and the refused has no other event', async () => {
  for (let i = 0; i < 20; i++) await signUp(`canary-many+${i}`)
  expect(await eventsOf(() => signUp('canary-many+20'))).toEqual([
    { event: 'budget-spent', pool, what: 'EMAIL', budget: 'destination' },
  ])
})

describe('identity pools', () => {
  let world: IdentityWorld & { close(): void }
  beforeAll(async () => {
    world = await makeIdentityWorld(server)
  })
  afterAll(() => world?.close())

  it('note whose credentials are whose, and which role they are of', async () => {
    const identity = await world.getId()
    let accessKeyId: string | undefined
    const given = await eventsOf(async () => {
      const { Credentials } = await world.app.send(new GetCredentialsForIdentityCommand({ IdentityId: identity }))
      accessKeyId = Credentials?.AccessKeyId
      keep(Credentials?.SecretKey as string)
      keep(Credentials?.SessionToken as string)
    })
    expect(given).toEqual([
      {
        event: 'role-assumed',
        role: world.roles.unauthenticated,
        action: 'sts:AssumeRoleWithWebIdentity',
        accessKeyId,
      },
      { event: 'credentials-given', identityPool: world.poolId, identity, accessKeyId },
    ])
  })
})

describe('triggers', () => {
  it('are noted with each call, and a function that does not answer once', async () => {
    const lambda = arn('lambda', 'echo')
    const { Id } = await makePool(server, { LambdaConfig: { PreSignUp: lambda } })
    const { ClientId } = await makeClient(server, Id)
    const called = { event: 'trigger-called', pool: Id, trigger: 'PreSignUp', source: 'PreSignUp_SignUp', arn: lambda }
    const more = { ms: expect.any(Number) }
    world.instead = (request) => void request.socket.destroy()
    const away = await eventsOf(async () => {
      for (const name of ['tess', 'tina']) await signUpUser(server, ClientId, keep(name)).catch(() => undefined)
    })
    world.instead = undefined
    const reason = expect.stringMatching(/^\w+$/)
    expect(away).toEqual([
      { ...called, ...more, outcome: reason },
      { event: 'function-away', arn: lambda, reason },
      { ...called, ...more, outcome: reason },
    ])
    server.clock.advance(10_000)
    expect(await eventsOf(() => signUpUser(server, ClientId, keep('tom')))).toEqual([
      { event: 'function-back', arn: lambda },
      { ...called, ...more, outcome: 'answered' },
      { event: 'signed-up', pool: Id, client: ClientId, sub: expect.any(String) },
    ])
  })

  it('a user who has come over is noted', async () => {
    const { Id } = await makePool(server, { LambdaConfig: { UserMigration: arn('handler', 'answer') } })
    const { ClientId } = await makeClient(server, Id)
    const noted = await eventsOf(() => server.app.send(new ForgotPasswordCommand({ ClientId, Username: keep('uma') })))
    expect(noted.map(({ event }) => event)).toEqual(['trigger-called', 'user-migrated', 'code-sent'])
  })
})

describe('identities at external providers', () => {
  it('are noted when they are linked, and when a user cannot sign in by one any more', async () => {
    const sub = await signUp('canary-vic')
    await makeGoogle(server, pool)
    const ProviderAttributeValue = keep('canary-subject')
    const SourceUser = { ProviderName: 'Google', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue }
    const DestinationUser = { ProviderName: 'Cognito', ProviderAttributeValue: 'canary-vic' }
    const link = new AdminLinkProviderForUserCommand({ UserPoolId: pool, DestinationUser, SourceUser })
    expect(await eventsOf(() => server.admin.send(link))).toEqual([
      { event: 'provider-linked', pool, sub, provider: 'Google' },
    ])
    for (const User of [SourceUser, DestinationUser]) {
      const disable = new AdminDisableProviderForUserCommand({ UserPoolId: pool, User })
      expect(await eventsOf(() => server.admin.send(disable))).toEqual([
        { event: 'provider-disabled', pool, sub, provider: User.ProviderName },
      ])
    }
  })
})

describe('users from identity providers', () => {
  const upstream = useOpenIdProvider()

  it('are noted when they come for the first time, and when they sign in', async () => {
    const app = await makeFederatedApp(server, { providers: [ownProvider(upstream.url)] })
    upstream.account = { sub: keep('canary-external'), email: keep('canary-external@example.com') }
    const enter = () => signInAtProvider(new Browser(), authorizeUrl(app, { identity_provider: 'Own' }))
    const first = await eventsOf(async () => keep((await enter()).searchParams.get('code') as string))
    const sub = (await shownUser(app, 'Own_canary-external')).attributes['sub']
    const signedIn = { event: 'signed-in', pool: app.poolId, client: app.clientId, sub }
    expect(first).toEqual([{ event: 'user-federated', pool: app.poolId, sub, provider: 'Own' }, signedIn])
    expect(await eventsOf(enter)).toEqual([signedIn])
  })
})

it('an application that registers itself is noted', async () => {
  const { Id } = await makePool(server, { DcrConfiguration: { OpenDcrEnabled: true } })
  const noted = await eventsOf(async () => {
    const response = await fetch(`${server.publicUrl}/${Id}/oauth2/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [CALLBACK], client_name: keep('canary-agent') }),
    })
    expect(response.status).toBe(201)
  })
  expect(noted).toEqual([{ event: 'client-registered', pool: Id, client: expect.any(String), by: 'anyone' }])
})

it('every kind of event was seen', () => {
  const seen = new Set(logged().map(({ event }) => event))
  // A function is called as its event is.
  const kinds = Object.keys(events).map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
  expect([...seen].sort()).toEqual(kinds.sort())
})

it('no line holds a name, an address, a code, a password or a token', () => {
  expect(secrets.size).toBeGreaterThan(60)
  const text = lines.join('\n')
  // Six digits may stand within a time or an id by chance; as a word of their own they are the code.
  for (const secret of secrets)
    expect(text.search(new RegExp(`(?<![\\w-])${secret.replace(/[^\w]/g, '\\$&')}(?![\\w-])`)), secret).toBe(-1)
  expect(text).not.toContain('canary')
  for (const { sub } of logged().filter((event) => event['sub'] !== undefined))
    expect(sub).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
})
