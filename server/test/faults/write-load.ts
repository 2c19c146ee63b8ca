// A write load on a server that may be killed at any moment, and the ledger of acknowledged writes. Each writer sends
// one call after the other until the server is gone; each acknowledgement is stored with the check that shows on the
// restarted server whether the write still holds.
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  ChangePasswordCommand,
  type CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  RevokeTokenCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { PoolAndClient } from '../../../conformance/user-pool.ts'
import { inParallel, type Load, refused, runWriters } from './writers.ts'

/** The code of every message: the server runs with COGNOMEN_DEV_CODE. */
export const FIXED_CODE = '135790'

const FIRST_PASSWORD = 'Passw0rd!first'

/** How many acknowledgements of earlier rounds are asked about after each restart. */
const EARLIER_ASKED = 10

/** The pool, and a client for the server as it runs now. */
export interface Target extends PoolAndClient {
  sdk: CognitoIdentityProviderClient
}

export interface Acknowledged {
  what: 'user' | 'password' | 'revocation' | 'sign-out' | 'deletion'
  /** Rejects, saying what is wrong, when the server lost it. */
  holds(target: Target): Promise<void>
}

/** All that writers know of one user whose password changes again and again. */
interface ChangingUser {
  username: string
  rounds: number
  password: string
  /** Sent, but not acknowledged when the server died: it may be either. */
  sent: string | undefined
}

export interface Ledger {
  /** Of the round that runs, or ran last. */
  round: Acknowledged[]
  /** A few of each earlier round. */
  earlier: Acknowledged[]
  /** Names of users that must be listed. */
  users: Set<string>
  /** Names whose creation was not acknowledged: whole or not there at all. */
  unclear: Set<string>
  changing: ChangingUser
  counts: Record<Acknowledged['what'], number>
  names: number
}

/** An empty ledger, and the users that live through all rounds. */
export async function newLedger(target: Target): Promise<Ledger> {
  const lasting = ['changing', 'revoking', 'signing-out']
  for (const username of lasting) await createUser(target, username)
  return {
    round: [],
    earlier: [],
    users: new Set(lasting),
    unclear: new Set(),
    changing: changingUser('changing'),
    counts: { user: 0, password: 0, revocation: 0, 'sign-out': 0, deletion: 0 },
    names: 0,
  }
}

const changingUser = (username: string): ChangingUser => ({
  username,
  rounds: 0,
  password: FIRST_PASSWORD,
  sent: undefined,
})

/** Starts the writers. */
export function startLoad(target: Target, ledger: Ledger): Load {
  ledger.earlier.push(...ledger.round.filter((_, index) => index % 10 === 0))
  ledger.round = []
  return runWriters(writers, { ...target, ledger }, () => ledger.round.length)
}

// Writers

interface Tried extends Target {
  ledger: Ledger
}

const writers: readonly ((tried: Tried) => Promise<void>)[] = [
  signUp,
  createAndSetPassword,
  changePasswordAgain,
  changeOwnPassword,
  revoke,
  signOutEverywhere,
  createAndDelete,
]

async function signUp({ ledger, sdk, clientId }: Tried): Promise<void> {
  const username = newName(ledger, 'signed-up')
  await sdk.send(
    new SignUpCommand({
      ClientId: clientId,
      Username: username,
      Password: FIRST_PASSWORD,
      UserAttributes: [{ Name: 'email', Value: `${username}@example.com` }],
    }),
  )
  userIsThere(ledger, username)
  await sdk.send(new ConfirmSignUpCommand({ ClientId: clientId, Username: username, ConfirmationCode: FIXED_CODE }))
  note(ledger, 'user', async (target) => void (await signIn(target, username, FIRST_PASSWORD)))
}

async function createAndSetPassword({ ledger, sdk, poolId }: Tried): Promise<void> {
  const username = newName(ledger, 'created')
  const password = `Passw0rd!${username}`
  await sdk.send(new AdminCreateUserCommand({ UserPoolId: poolId, Username: username, MessageAction: 'SUPPRESS' }))
  userIsThere(ledger, username)
  await sdk.send(
    new AdminSetUserPasswordCommand({ UserPoolId: poolId, Username: username, Password: password, Permanent: true }),
  )
  note(ledger, 'password', async (target) => void (await signIn(target, username, password)))
}

/** One user over all rounds. */
async function changePasswordAgain({ ledger, sdk, poolId }: Tried): Promise<void> {
  const user = ledger.changing
  user.sent = `Passw0rd!${++ledger.names}`
  await sdk.send(
    new AdminSetUserPasswordCommand({
      UserPoolId: poolId,
      Username: user.username,
      Password: user.sent,
      Permanent: true,
    }),
  )
  user.password = user.sent
  user.sent = undefined
  ledger.counts.password++
}

async function changeOwnPassword(tried: Tried): Promise<void> {
  const { ledger, sdk } = tried
  const username = newName(ledger, 'self-changing')
  const password = `Passw0rd!own-${username}`
  await createUser(tried, username)
  userIsThere(ledger, username)
  const { accessToken } = await signIn(tried, username, FIRST_PASSWORD)
  await sdk.send(
    new ChangePasswordCommand({
      AccessToken: accessToken,
      PreviousPassword: FIRST_PASSWORD,
      ProposedPassword: password,
    }),
  )
  note(ledger, 'password', async (target) => {
    await refused('the password before the change', 'NotAuthorizedException', signIn(target, username, FIRST_PASSWORD))
    await signIn(target, username, password)
  })
}

async function revoke(tried: Tried): Promise<void> {
  const { ledger, sdk, clientId } = tried
  const { accessToken, refreshToken } = await signIn(tried, 'revoking', FIRST_PASSWORD)
  await sdk.send(new RevokeTokenCommand({ ClientId: clientId, Token: refreshToken }))
  note(ledger, 'revocation', (target) => tokensAreDead(target, { accessToken, refreshToken }))
}

async function signOutEverywhere(tried: Tried): Promise<void> {
  const { ledger, sdk } = tried
  const tokens = await signIn(tried, 'signing-out', FIRST_PASSWORD)
  await sdk.send(new GlobalSignOutCommand({ AccessToken: tokens.accessToken }))
  note(ledger, 'sign-out', (target) => tokensAreDead(target, tokens))
}

async function createAndDelete({ ledger, sdk, poolId }: Tried): Promise<void> {
  const username = newName(ledger, 'deleted')
  await sdk.send(new AdminCreateUserCommand({ UserPoolId: poolId, Username: username, MessageAction: 'SUPPRESS' }))
  await sdk.send(new AdminDeleteUserCommand({ UserPoolId: poolId, Username: username }))
  ledger.unclear.delete(username)
  note(ledger, 'deletion', (target) =>
    refused(
      `the deleted user ${username}`,
      'UserNotFoundException',
      target.sdk.send(new AdminGetUserCommand({ UserPoolId: target.poolId, Username: username })),
    ),
  )
}

function newName(ledger: Ledger, kind: string): string {
  const name = `${kind}-${++ledger.names}`
  ledger.unclear.add(name)
  return name
}

function userIsThere(ledger: Ledger, username: string): void {
  ledger.unclear.delete(username)
  ledger.users.add(username)
  note(ledger, 'user', async ({ sdk, poolId }) => {
    await sdk.send(new AdminGetUserCommand({ UserPoolId: poolId, Username: username }))
  })
}

function note(ledger: Ledger, what: Acknowledged['what'], holds: Acknowledged['holds']): void {
  ledger.counts[what]++
  ledger.round.push({ what, holds })
}

async function createUser({ sdk, poolId }: Pick<Target, 'sdk' | 'poolId'>, username: string): Promise<void> {
  await sdk.send(new AdminCreateUserCommand({ UserPoolId: poolId, Username: username, MessageAction: 'SUPPRESS' }))
  await sdk.send(
    new AdminSetUserPasswordCommand({
      UserPoolId: poolId,
      Username: username,
      Password: FIRST_PASSWORD,
      Permanent: true,
    }),
  )
}

// Checks after a restart

/** Rejects when the restarted server lost anything of the last round, or of the sample of earlier ones. */
export async function expectNothingLost(target: Target, ledger: Ledger): Promise<void> {
  await inParallel([...ledger.round, ...ledger.earlier.slice(-EARLIER_ASKED)], ({ what, holds }) =>
    holds(target).catch((error: Error) => {
      throw new Error(`An acknowledged ${what} was lost: ${error.name}: ${error.message}`)
    }),
  )
  await settleChangingUser(target, ledger)
  await inParallel([...ledger.unclear], (username) => expectWhole(target, username))
  for (const username of ledger.unclear) ledger.users.add(username)
  ledger.unclear.clear()
}

/** Rejects when a user of any round is not listed. */
export async function expectEveryUserListed({ sdk, poolId }: Target, ledger: Ledger): Promise<void> {
  const listed = new Set<string>()
  let token: string | undefined
  do {
    const page = await sdk.send(new ListUsersCommand({ UserPoolId: poolId, PaginationToken: token }))
    for (const user of page.Users ?? []) listed.add(user.Username as string)
    token = page.PaginationToken
  } while (token !== undefined)
  const missing = [...ledger.users].filter((username) => !listed.has(username))
  if (missing.length > 0) throw new Error(`Not listed: ${missing.join(', ')}`)
}

/** Exactly one of the acknowledged password and the one in flight works. */
async function settleChangingUser(target: Target, ledger: Ledger): Promise<void> {
  const user = ledger.changing
  const works = (password: string): Promise<boolean> =>
    signIn(target, user.username, password).then(
      () => true,
      (error: Error) => {
        if (error.message === 'Incorrect username or password.') return false
        throw error
      },
    )
  const acknowledged = await works(user.password)
  const sent = user.sent !== undefined && (await works(user.sent))
  if (acknowledged === sent)
    throw new Error(acknowledged ? 'Two passwords of a user work.' : 'An acknowledged change of a password was lost.')
  if (sent) user.password = user.sent as string
  user.sent = undefined
  // Each of these wrong guesses counts against the user's hundred at a stretch (lockout-rules.ts).
  if (++user.rounds < 50) return
  ledger.changing = changingUser(`changing-${++ledger.names}`)
  await createUser(target, ledger.changing.username)
  ledger.users.add(ledger.changing.username)
}

/** A creation that was not acknowledged left a whole user or nothing, such as no reserved name without a user. */
async function expectWhole({ sdk, poolId }: Target, username: string): Promise<void> {
  try {
    await sdk.send(new AdminCreateUserCommand({ UserPoolId: poolId, Username: username, MessageAction: 'SUPPRESS' }))
  } catch (error) {
    if ((error as Error).name !== 'UsernameExistsException') throw error
  }
  await sdk.send(new AdminGetUserCommand({ UserPoolId: poolId, Username: username }))
}

async function tokensAreDead({ sdk, clientId }: Target, { accessToken, refreshToken }: Tokens): Promise<void> {
  const refresh = new InitiateAuthCommand({
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    ClientId: clientId,
    AuthParameters: { REFRESH_TOKEN: refreshToken },
  })
  await refused('a refresh token', 'NotAuthorizedException', sdk.send(refresh))
  await refused('an access token', 'NotAuthorizedException', sdk.send(new GetUserCommand({ AccessToken: accessToken })))
}

interface Tokens {
  accessToken: string
  refreshToken: string
}

async function signIn({ sdk, clientId }: Target, username: string, password: string): Promise<Tokens> {
  const { AuthenticationResult: result } = await sdk.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  )
  return { accessToken: result?.AccessToken as string, refreshToken: result?.RefreshToken as string }
}
