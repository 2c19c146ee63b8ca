// Carries out the operations that an application calls for its users, and lists, each once, on a server of one's own, and
// gives the statements that each ran.
import {
  DeleteIdentitiesCommand,
  DescribeIdentityCommand,
  GetCredentialsForIdentityCommand,
  GetOpenIdTokenCommand,
  ListIdentitiesCommand,
  LookupDeveloperIdentityCommand,
  MergeDeveloperIdentitiesCommand,
  UnlinkDeveloperIdentityCommand,
  UnlinkIdentityCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminListDevicesCommand,
  AdminListGroupsForUserCommand,
  AdminListUserSessionsCommand,
  AdminUpdateAuthEventFeedbackCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  CreateGroupCommand,
  DeleteUserCommand,
  DeleteWebAuthnCredentialCommand,
  ForgetDeviceCommand,
  ForgotPasswordCommand,
  GetDeviceCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
  ListWebAuthnCredentialsCommand,
  RevokeTokenCommand,
  RevokeUserSessionCommand,
  UpdateDeviceStatusCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  type CognitoSyncClient,
  DescribeIdentityPoolUsageCommand,
  DescribeIdentityUsageCommand,
  GetIdentityPoolConfigurationCommand,
  ListIdentityPoolUsageCommand,
  RegisterDeviceCommand,
  SetCognitoEventsCommand,
  SetIdentityPoolConfigurationCommand,
  SubscribeToDatasetCommand,
  UnsubscribeFromDatasetCommand,
} from '@aws-sdk/client-cognito-sync'
import type { TriggerHandlers } from '../src/server.ts'
import { Authenticator } from './authenticator.ts'
import { syncClient } from './aws-clients.ts'
import { responder, srpBeginner } from './challenges.ts'
import { deviceClient } from './devices.ts'
import { type ExecutedStatement, statementsOf } from './executed-statements.ts'
import { makeClient, makePool, makeUser, PASSWORD, signIn, type TestServer, type Tokens } from './harness.ts'
import { developerToken } from './identity.ts'
import { DEVELOPER_PROVIDER, type IdentityWorld, makeIdentityWorld } from './identity-world.ts'
import {
  authorizeUrl,
  CALLBACK,
  makeApp,
  makeUser as makePageUser,
  PASSWORD as PAGE_PASSWORD,
  redeem,
  SIGNED_OUT,
  signInByPage,
  tokenCall,
} from './oauth.ts'
import { Browser, leaving } from './page-walker.ts'
import { beginWithPasskey, completeRegistration, PASSKEY_CLIENT, PASSKEY_POOL, startRegistration } from './passkeys.ts'
import { ask, newCodes, recoveryPool } from './recovery-codes.ts'
import { begin, codeOf, giveToken, STEP_MS } from './second-factors.ts'
import { signUpUser } from './sign-up.ts'
import { srpAnswer } from './srp-client.ts'
import { type Device, deviceFor, patch } from './sync.ts'
import { AUDIT, eventsOf, HOME, signInFrom } from './threats.ts'
import { refresh, sessionIdOf, sessionsOf, setTracking } from './user-sessions.ts'

/** The statements of each operation, by its name and what is special about the call. */
export type OperationStatements = ReadonlyMap<string, readonly ExecutedStatement[]>

type Step = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>

export async function runOperations(server: TestServer): Promise<OperationStatements> {
  const statements = new Map<string, ExecutedStatement[]>()
  const step: Step = async <Result>(name: string, work: () => Promise<Result>) => {
    let result: Result | undefined
    const executed = await statementsOf(async () => {
      result = await work()
    })
    statements.set(name, executed)
    return result as Result
  }
  await userOperations(server, step)
  await sessionOperations(server, step)
  await secondFactorOperations(server, step)
  await threatOperations(server, step)
  await customOperations(server, step)
  await oauthRequests(server, step)
  const world = await makeIdentityWorld(server)
  try {
    await identityOperations(world, step)
    await syncOperations(server, world, step)
  } finally {
    world.close()
  }
  return statements
}

async function userOperations(server: TestServer, step: Step): Promise<void> {
  const { app, admin, outbox } = server
  const { Id: UserPoolId } = await makePool(server, { AutoVerifiedAttributes: ['email'], AliasAttributes: ['email'] })
  const { ClientId } = await makeClient(server, UserPoolId)
  const rotating = await makeClient(server, UserPoolId, {
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
    RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
  })
  const Username = 'ada'
  const email = 'ada@example.com'
  const password = (USERNAME: string, text = PASSWORD) =>
    new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters: { USERNAME, PASSWORD: text } })

  const signedUp = await step('SignUp', () => signUpUser(server, ClientId, Username, { email, given_name: 'Ada' }))
  const signUpCode = await outbox.latestCode(email)
  await step('ConfirmSignUp', () =>
    app.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode: signUpCode })),
  )
  await step('InitiateAuth by password', () => app.send(password(Username)))
  await step('InitiateAuth by password, sub', () =>
    app.send(password(signedUp.UserSub as string)).catch(() => undefined),
  )
  await step('InitiateAuth by password, alias', () => app.send(password(email)))
  await step('InitiateAuth by password, wrong', () => app.send(password(Username, 'wrong')).catch(() => undefined))
  for (const name of ['nobody', '01234567-89ab-4def-8123-456789abcdef'])
    await step(`InitiateAuth by password, ${name}`, () => app.send(password(name)).catch(() => undefined))

  const at = { poolId: UserPoolId, clientId: ClientId }
  const { start, challenge } = await step('InitiateAuth by SRP', () => srpBeginner(server, at)(Username))
  await step('RespondToAuthChallenge', () =>
    responder(server, at)('PASSWORD_VERIFIER', srpAnswer(UserPoolId, start, challenge, PASSWORD)),
  )

  const tokens = await signIn(server, ClientId, Username)
  const AuthParameters = { REFRESH_TOKEN: tokens.RefreshToken }
  await step('InitiateAuth by refresh token', () =>
    app.send(new InitiateAuthCommand({ AuthFlow: 'REFRESH_TOKEN_AUTH', ClientId, AuthParameters })),
  )
  await step('GetUser', () => app.send(new GetUserCommand(tokens)))
  let { RefreshToken } = await signIn(server, rotating.ClientId, Username)
  for (const turn of ['first', 'second']) {
    const rotated = await step(`GetTokensFromRefreshToken, ${turn}`, () =>
      app.send(new GetTokensFromRefreshTokenCommand({ ClientId: rotating.ClientId, RefreshToken })),
    )
    RefreshToken = rotated.AuthenticationResult?.RefreshToken as string
  }

  const UserAttributes = [{ Name: 'given_name', Value: 'Augusta' }]
  await step('UpdateUserAttributes', () =>
    app.send(new UpdateUserAttributesCommand({ AccessToken: tokens.AccessToken, UserAttributes })),
  )
  await step('ChangePassword', () =>
    app.send(
      new ChangePasswordCommand({
        AccessToken: tokens.AccessToken,
        PreviousPassword: PASSWORD,
        ProposedPassword: `${PASSWORD}2`,
      }),
    ),
  )
  for (const name of ['ForgotPassword', 'ForgotPassword, again'])
    await step(name, () => app.send(new ForgotPasswordCommand({ ClientId, Username })))
  const code = await outbox.latestCode(email)
  await step('ConfirmForgotPassword', () =>
    app.send(new ConfirmForgotPasswordCommand({ ClientId, Username, ConfirmationCode: code, Password: PASSWORD })),
  )

  const group = { UserPoolId, GroupName: 'admins' }
  await admin.send(new CreateGroupCommand(group))
  await step('AdminAddUserToGroup', () => admin.send(new AdminAddUserToGroupCommand({ ...group, Username })))
  await step('AdminListGroupsForUser', () => admin.send(new AdminListGroupsForUserCommand({ UserPoolId, Username })))
  await step('AdminGetUser', () => admin.send(new AdminGetUserCommand({ UserPoolId, Username })))
  const member = await step('InitiateAuth by password, of a member of groups', () => signIn(server, ClientId, Username))

  const temporary = {
    UserPoolId,
    Username: 'bea',
    TemporaryPassword: 'Temp0rary!x',
    MessageAction: 'SUPPRESS',
  } as const
  await step('AdminCreateUser', () => admin.send(new AdminCreateUserCommand(temporary)))
  const { Session } = await app.send(password('bea', temporary.TemporaryPassword))
  const answer = { USERNAME: 'bea', NEW_PASSWORD: PASSWORD, 'userAttributes.given_name': 'Augusta' }
  const respond = () => responder(server, at)('NEW_PASSWORD_REQUIRED', answer, Session)
  await step('RespondToAuthChallenge with a new password', respond)
  await step('RespondToAuthChallenge with a used session', () => respond().catch(() => undefined))
  await step('ListUsersInGroup', () => admin.send(new ListUsersInGroupCommand(group)))
  for (const [name, Filter] of [
    ['ListUsers', undefined],
    ['ListUsers by sub', `sub = "${signedUp.UserSub}"`],
    ['ListUsers by attribute', 'given_name = "Augusta"'],
    ['ListUsers by prefix', 'given_name ^= "Aug"'],
    ['ListUsers by status', 'status = "Enabled"'],
    ['ListUsers by user status', 'cognito:user_status ^= "CONF"'],
  ] as const) {
    await step(name, async () => {
      const { PaginationToken } = await admin.send(new ListUsersCommand({ UserPoolId, Filter, Limit: 1 }))
      if (PaginationToken) await admin.send(new ListUsersCommand({ UserPoolId, Filter, Limit: 1, PaginationToken }))
    })
  }
  await deviceOperations(server, step)
  await step('the outbox', () => outbox.messages())

  await step('RevokeToken', () => app.send(new RevokeTokenCommand({ ClientId, Token: member.RefreshToken })))
  await passkeyOperations(server, step)
  const last: Tokens = await signIn(server, ClientId, Username)
  await step('GlobalSignOut', () => app.send(new GlobalSignOutCommand(last)))
  const own = await signIn(server, ClientId, Username)
  await step('DeleteUser', () => app.send(new DeleteUserCommand(own)))
  await step('AdminDeleteUser', () => admin.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'bea' })))
}

/** In a pool that tracks sessions and has an idle time-out. */
async function sessionOperations(server: TestServer, step: Step): Promise<void> {
  const { app, admin } = server
  const UserPoolTags = { 'cognomen:refresh-idle-minutes': '60' }
  const { Id: UserPoolId } = await makePool(server, { UserPoolTags })
  const { ClientId } = await makeClient(server, UserPoolId)
  await setTracking(server, UserPoolId, 'ENABLED', 2)
  await makeUser(server, UserPoolId, 'ada')
  const signInHere = (name: string): Promise<Tokens> =>
    step(`InitiateAuth by password, ${name}`, () => signIn(server, ClientId, 'ada'))
  await signInHere('the first session')
  const other = await signInHere('the second session')
  const own = await signInHere('a session too many')
  await step('InitiateAuth by refresh token, of a session', () => refresh(server, ClientId, own))
  await step('ListUserSessions', () => sessionsOf(server, own))
  const Username = 'ada'
  await step('AdminListUserSessions', () => admin.send(new AdminListUserSessionsCommand({ UserPoolId, Username })))
  const { AccessToken } = own
  await step('RevokeUserSession', () =>
    app.send(new RevokeUserSessionCommand({ AccessToken, SessionId: sessionIdOf(other) })),
  )
  await step('GlobalSignOut, of sessions', () => app.send(new GlobalSignOutCommand({ AccessToken })))
}

async function oauthRequests(server: TestServer, step: Step): Promise<void> {
  const application = await makeApp(server)
  const username = await makePageUser(application)
  const browser = new Browser()
  const answered = await step('sign-in by page', () => signInByPage(application, username, {}, browser))
  const silent = () => leaving(browser.get(authorizeUrl(application, { prompt: 'none' })))
  await step('GET /oauth2/authorize with a session', silent)
  const { json } = await step('POST /oauth2/token, code', () => redeem(application, answered))
  const headers = { authorization: `Bearer ${json['access_token']}` }
  await step('GET /oauth2/userInfo', () => fetch(`${application.base}/oauth2/userInfo`, { headers }))
  await deviceRequests(server, step)
  const out = `${application.base}/logout?client_id=${application.clientId}&logout_uri=${encodeURIComponent(SIGNED_OUT)}`
  await step('GET /logout', () => leaving(browser.get(out)))
}

/** What is beyond Cognito: a pushed request, and a device without a browser. */
async function deviceRequests(server: TestServer, step: Step): Promise<void> {
  const UserPoolTags = { 'cognomen:device-grant:TV': 'on', 'cognomen:pushed-authorization': 'on' }
  const tv = await makeApp(server, { pool: { UserPoolTags }, client: { ClientName: 'TV' } })
  const username = await makePageUser(tv)
  const client_id = tv.clientId
  const post = async (path: string, form: Record<string, string>): Promise<Record<string, string>> => {
    const response = await fetch(`${tv.base}${path}`, { method: 'POST', body: new URLSearchParams(form) })
    return (await response.json()) as Record<string, string>
  }
  const request = { client_id, response_type: 'code', redirect_uri: CALLBACK }
  const { request_uri } = await step('POST /oauth2/par', () => post('/oauth2/par', request))
  const pushed = authorizeUrl(tv, { request_uri, response_type: undefined, redirect_uri: undefined })
  await step('GET /oauth2/authorize of a pushed request', () => new Browser().get(pushed))
  const begun = await step('POST /oauth2/device_authorization', () =>
    post('/oauth2/device_authorization', { client_id }),
  )
  const { device_code = '', user_code = '' } = begun
  const poll = () =>
    tokenCall(tv, { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code, client_id })
  await step('POST /oauth2/token, of a device that waits', poll)
  const browser = new Browser()
  const page = await browser.get(`${tv.base}/device`)
  const login = await step('POST /device', () => browser.submit(page, { user_code }))
  const asked = await browser.submit(login, { username, password: PAGE_PASSWORD })
  await step('POST /consent, of a device', () => browser.submit(asked, { decision: 'allow' }))
  await step('POST /oauth2/token, of a device', poll)
}

/** In a pool with threat protection. */
async function threatOperations(server: TestServer, step: Step): Promise<void> {
  const { Id: UserPoolId } = await makePool(server, AUDIT)
  const { ClientId: clientId } = await makeClient(server, UserPoolId)
  const at = { poolId: UserPoolId, clientId }
  await makeUser(server, UserPoolId, 'ann')
  await step('AdminInitiateAuth by password, with threat protection', () => signInFrom(server, at, HOME))
  await step('InitiateAuth by password, wrong, with threat protection', () =>
    signIn(server, clientId, 'ann', 'wrong').catch(() => undefined),
  )
  const [event] = await step('AdminListUserAuthEvents', () => eventsOf(server, UserPoolId))
  const feedback = { UserPoolId, Username: 'ann', EventId: event?.EventId, FeedbackValue: 'Valid' } as const
  await step('AdminUpdateAuthEventFeedback', () => server.admin.send(new AdminUpdateAuthEventFeedbackCommand(feedback)))
}

async function passkeyOperations(server: TestServer, step: Step): Promise<void> {
  const { Id: poolId } = await makePool(server, PASSKEY_POOL)
  const { ClientId: clientId } = await makeClient(server, poolId, PASSKEY_CLIENT)
  await makeUser(server, poolId, 'ada')
  const { AccessToken } = await signIn(server, clientId, 'ada')
  const authenticator = new Authenticator()
  const creation = await step('StartWebAuthnRegistration', () => startRegistration(server, AccessToken))
  await step('CompleteWebAuthnRegistration', () =>
    completeRegistration(server, AccessToken, authenticator.create(creation)),
  )
  await step('ListWebAuthnCredentials', () =>
    server.app.send(new ListWebAuthnCredentialsCommand({ AccessToken, MaxResults: 1 })),
  )
  const { session, options } = await step('InitiateAuth by passkey', () => beginWithPasskey(server, clientId, 'ada'))
  const CREDENTIAL = JSON.stringify(authenticator.get(options))
  await step('RespondToAuthChallenge with a passkey', () =>
    responder(server, { poolId, clientId })('WEB_AUTHN', { USERNAME: 'ada', CREDENTIAL }, session),
  )
  const CredentialId = authenticator.id.toString('base64url')
  await step('DeleteWebAuthnCredential', () =>
    server.app.send(new DeleteWebAuthnCredentialCommand({ AccessToken, CredentialId })),
  )
}

const arn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`

/** The functions that the server of `runOperations` must have. */
export const operationTriggers: TriggerHandlers = {
  [arn('define')]: (event: { request: { session: unknown[] } }) => ({
    response: event.request.session.length > 0 ? { issueTokens: true } : { challengeName: 'CUSTOM_CHALLENGE' },
  }),
  [arn('create')]: () => ({ response: { privateChallengeParameters: { answer: '1' } } }),
  [arn('verify')]: () => ({ response: { answerCorrect: true } }),
  [arn('sync')]: (event) => event,
}

async function customOperations(server: TestServer, step: Step): Promise<void> {
  const { Id: poolId } = await makePool(server, {
    LambdaConfig: {
      DefineAuthChallenge: arn('define'),
      CreateAuthChallenge: arn('create'),
      VerifyAuthChallengeResponse: arn('verify'),
    },
  })
  const { ClientId: clientId } = await makeClient(server, poolId, { ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'] })
  const USERNAME = 'ada'
  await makeUser(server, poolId, USERNAME)
  const { Session } = await step('InitiateAuth of a custom sign-in', () =>
    server.app.send(
      new InitiateAuthCommand({ AuthFlow: 'CUSTOM_AUTH', ClientId: clientId, AuthParameters: { USERNAME } }),
    ),
  )
  await step('RespondToAuthChallenge of a custom sign-in', () =>
    responder(server, { poolId, clientId })('CUSTOM_CHALLENGE', { USERNAME, ANSWER: '1' }, Session),
  )
}

async function deviceOperations(server: TestServer, step: Step): Promise<void> {
  const { app, admin } = server
  const { Id: poolId } = await makePool(server, { DeviceConfiguration: { ChallengeRequiredOnNewDevice: false } })
  const { ClientId: clientId } = await makeClient(server, poolId)
  const Username = 'ada'
  await makeUser(server, poolId, Username)
  const { begin, confirm, challengeFor, prove } = deviceClient(server, { poolId, clientId })
  const { AuthenticationResult } = await step('InitiateAuth that begins a device', () => begin(Username))
  const { device } = await step('ConfirmDevice', () => confirm(AuthenticationResult))
  const own = { AccessToken: AuthenticationResult?.AccessToken as string, DeviceKey: device.key }
  const begun = await step('InitiateAuth of a device', () => begin(Username, device.key))
  const first = await step('DEVICE_SRP_AUTH', () => challengeFor(Username, device, begun.Session))
  const { AuthenticationResult: tokens } = await step('DEVICE_PASSWORD_VERIFIER', () => prove(Username, device, first))
  const AuthParameters = { REFRESH_TOKEN: tokens?.RefreshToken as string, DEVICE_KEY: device.key }
  await step('InitiateAuth by refresh token of a device', () =>
    app.send(new InitiateAuthCommand({ AuthFlow: 'REFRESH_TOKEN_AUTH', ClientId: clientId, AuthParameters })),
  )
  await step('GetDevice', () => app.send(new GetDeviceCommand(own)))
  await step('UpdateDeviceStatus', () =>
    app.send(new UpdateDeviceStatusCommand({ ...own, DeviceRememberedStatus: 'not_remembered' })),
  )
  await step('AdminListDevices', () => admin.send(new AdminListDevicesCommand({ UserPoolId: poolId, Username })))
  await step('ForgetDevice', () => app.send(new ForgetDeviceCommand(own)))
}

async function secondFactorOperations(server: TestServer, step: Step): Promise<void> {
  const at = await recoveryPool(server)
  const USERNAME = 'ida'
  await makeUser(server, at.poolId, USERNAME)
  const secret = await step('AssociateSoftwareToken, VerifySoftwareToken and SetUserMFAPreference', () =>
    giveToken(server, at.clientId, USERNAME),
  )
  const { Session } = await begin(server, at.clientId, USERNAME)
  const SOFTWARE_TOKEN_MFA_CODE = codeOf(secret, server.clock.now())
  await step('RespondToAuthChallenge with the code of a software token', () =>
    responder(server, at)('SOFTWARE_TOKEN_MFA', { USERNAME, SOFTWARE_TOKEN_MFA_CODE }, Session),
  )
  server.clock.advance(STEP_MS)
  const again = await begin(server, at.clientId, USERNAME)
  const answer = { USERNAME, SOFTWARE_TOKEN_MFA_CODE: codeOf(secret, server.clock.now()) }
  const { AuthenticationResult } = await responder(server, at)('SOFTWARE_TOKEN_MFA', answer, again.Session)
  const AccessToken = AuthenticationResult?.AccessToken as string
  const codes = await step('CreateRecoveryCodes', () => newCodes(server, AccessToken))
  const lost = await begin(server, at.clientId, USERNAME)
  const recovery = { USERNAME, SOFTWARE_TOKEN_MFA_CODE: codes[0] as string }
  await step('RespondToAuthChallenge with a recovery code', () =>
    responder(server, at)('SOFTWARE_TOKEN_MFA', recovery, lost.Session),
  )
  await step('DescribeRecoveryCodes', () => ask(server, 'DescribeRecoveryCodes', { AccessToken }))
  await step('DeleteRecoveryCodes', () => ask(server, 'DeleteRecoveryCodes', { AccessToken }))
}

async function syncOperations(server: TestServer, world: IdentityWorld, step: Step): Promise<void> {
  const Logins = await world.loginsOf('ada')
  const guest = await deviceFor(server, world)
  const user = await deviceFor(server, world, Logins)
  const session = async (device: Device, name: string) => ({
    SyncSessionToken: (await device.pull(name)).SyncSessionToken,
  })
  const tokens = await session(guest, 'd')
  await step('UpdateRecords, first', () => guest.push('d', [patch('a', '1'), patch('b', '1')], tokens))
  await step('UpdateRecords', () => guest.push('d', [patch('a', '2', 1)], tokens))
  const many = Array.from({ length: 100 }, (_, i) => patch(`k${i}`, '1'))
  await step('UpdateRecords of 100', () => guest.push('d', many, tokens))
  await step('ListRecords', () => guest.pull('d'))
  await step('ListRecords of what has changed', () => guest.pull('d', 1))
  await step('ListRecords of nothing new', () => guest.pull('d', 3))
  await step('ListDatasets', () => guest.names())
  await step('DescribeDataset', () => guest.describe('d'))
  await user.push('d', [patch('a', '1')])
  await guest.push('e', [patch('a', '1')])
  await step('GetCredentialsForIdentity, a guest with datasets is somebody known', () =>
    world.app.send(new GetCredentialsForIdentityCommand({ IdentityId: guest.ids.IdentityId, Logins })),
  )
  await step('DeleteDataset', () => user.delete('d'))
  await step('DescribeIdentityUsage', () => user.client.send(new DescribeIdentityUsageCommand(user.ids)))
  const developer = syncClient(server)
  await step('DescribeIdentityPoolUsage', () =>
    developer.send(new DescribeIdentityPoolUsageCommand({ IdentityPoolId: world.poolId })),
  )
  await pushOperations(developer, world.poolId, user, step)
  await step('ListIdentityPoolUsage', () => developer.send(new ListIdentityPoolUsageCommand({})))
  await step('DeleteIdentities with datasets', () =>
    world.admin.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: [user.ids.IdentityId] })),
  )
}

async function pushOperations(
  developer: CognitoSyncClient,
  IdentityPoolId: string,
  { client, ids, push }: Device,
  step: Step,
): Promise<void> {
  const ApplicationArns = ['arn:aws:sns:us-east-1:000000000000:app/GCM/one']
  const PushSync = { ApplicationArns, RoleArn: 'arn:aws:iam::000000000000:role/Sync' }
  await step('SetIdentityPoolConfiguration', () =>
    developer.send(new SetIdentityPoolConfigurationCommand({ IdentityPoolId, PushSync })),
  )
  await step('GetIdentityPoolConfiguration', () =>
    developer.send(new GetIdentityPoolConfigurationCommand({ IdentityPoolId })),
  )
  const { DeviceId } = await step('RegisterDevice', () =>
    client.send(new RegisterDeviceCommand({ ...ids, Platform: 'GCM', Token: 'token' })),
  )
  const subscription = { ...ids, DatasetName: 'told', DeviceId }
  await step('SubscribeToDataset', () => client.send(new SubscribeToDatasetCommand(subscription)))
  await step('UpdateRecords, of which devices are told', () => push('told', [patch('a', '1')]))
  await step('SetCognitoEvents', () =>
    developer.send(new SetCognitoEventsCommand({ IdentityPoolId, Events: { SyncTrigger: arn('sync') } })),
  )
  await step('UpdateRecords with a SyncTrigger', () => push('told', [patch('a', '2', 1)]))
  await step('UnsubscribeFromDataset', () => client.send(new UnsubscribeFromDatasetCommand(subscription)))
}

async function identityOperations(world: IdentityWorld, step: Step): Promise<void> {
  const { admin, app, poolId: IdentityPoolId, provider } = world
  const Logins = await world.loginsOf('ada')
  const guest = await step('GetId of a guest', () => world.getId())
  const id = await step('GetId, first', () => world.getId(Logins))
  await step('GetId', () => world.getId(Logins))
  for (const [name, input] of [
    ['of a guest', { IdentityId: guest }],
    ['', { IdentityId: id, Logins }],
  ] as const) {
    await step(`GetCredentialsForIdentity ${name}`.trim(), () => app.send(new GetCredentialsForIdentityCommand(input)))
    await step(`GetOpenIdToken ${name}`.trim(), () => app.send(new GetOpenIdTokenCommand(input)))
  }
  const other = { IdentityId: await world.getId(), Logins }
  await step('GetCredentialsForIdentity, a guest is somebody known', () =>
    app.send(new GetCredentialsForIdentityCommand(other)),
  )
  const newcomer = { IdentityId: guest, Logins: await world.loginsOf('bea') }
  await step('GetCredentialsForIdentity, a guest becomes somebody', () =>
    app.send(new GetCredentialsForIdentityCommand(newcomer)),
  )

  const developer = (identifier: string, more = {}) =>
    developerToken(admin, IdentityPoolId, { [DEVELOPER_PROVIDER]: identifier, ...more })
  const { id: source } = await step('GetOpenIdTokenForDeveloperIdentity, first', () => developer('source'))
  await step('GetOpenIdTokenForDeveloperIdentity', () => developer('source'))
  const { id: destination } = await step('GetOpenIdTokenForDeveloperIdentity with a login', () =>
    developer('destination', Logins),
  )
  for (const [name, input] of [
    ['by identity', { IdentityId: source }],
    ['by user', { DeveloperUserIdentifier: 'source' }],
    ['by both', { IdentityId: source, DeveloperUserIdentifier: 'source' }],
  ] as const)
    await step(`LookupDeveloperIdentity ${name}`, () =>
      admin.send(new LookupDeveloperIdentityCommand({ IdentityPoolId, ...input })),
    )
  const users = { SourceUserIdentifier: 'source', DestinationUserIdentifier: 'destination' }
  await step('MergeDeveloperIdentities', () =>
    admin.send(
      new MergeDeveloperIdentitiesCommand({ IdentityPoolId, DeveloperProviderName: DEVELOPER_PROVIDER, ...users }),
    ),
  )
  await step('UnlinkDeveloperIdentity', () =>
    admin.send(
      new UnlinkDeveloperIdentityCommand({
        IdentityPoolId,
        IdentityId: destination,
        DeveloperProviderName: DEVELOPER_PROVIDER,
        DeveloperUserIdentifier: 'source',
      }),
    ),
  )
  await step('DescribeIdentity', () => admin.send(new DescribeIdentityCommand({ IdentityId: destination })))
  await step('ListIdentities', () => admin.send(new ListIdentitiesCommand({ IdentityPoolId, MaxResults: 60 })))
  await step('UnlinkIdentity', () =>
    app.send(new UnlinkIdentityCommand({ IdentityId: destination, Logins, LoginsToRemove: [provider] })),
  )
  await step('DeleteIdentities', () =>
    admin.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: [destination, guest] })),
  )
}
