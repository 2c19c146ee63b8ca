// What happens to users and identities, for those who run the server: one function for each kind of event, which writes
// its line to the log and counts it for /metrics. `event` is a stable name that alerts and dashboards may look for.
//
// A line names pools, app clients, users by their sub and roles by their ARN. It never holds what proves anything (codes,
// tokens, passwords), what reaches somebody (addresses, numbers), or a name: of a user whom nobody knows there is nothing.
import type { Context } from './context.ts'

/** Where the line goes, and what counts it. */
export type EventParts = Pick<Context, 'log' | 'metrics'>

interface Fields {
  /** The id of the user pool. */
  readonly pool?: string
  readonly identityPool?: string
  readonly [field: string]: unknown
}

function note({ log, metrics }: EventParts, event: string, fields: Fields, level: 'info' | 'warn' = 'info'): void {
  metrics.event(event, fields.pool ?? fields.identityPool)
  log[level]({ event, ...fields }, 'event')
}

interface PoolUser {
  /** The id of the user pool. */
  pool: string
  sub: string
}

interface ClientUser extends PoolUser {
  /** The id of the app client. */
  client: string
}

/** An account was made by its user; it waits for its confirmation. */
export const signedUp = (to: EventParts, { pool, client, sub }: ClientUser): void =>
  note(to, 'signed-up', { pool, client, sub })

/** The account of a sign-up may be used from now on. */
export const signUpConfirmed = (
  to: EventParts,
  { pool, sub, by }: PoolUser & { by: 'code' | 'administrator' | 'trigger' },
): void => note(to, 'sign-up-confirmed', { pool, sub, by })

/** A user can sign in by an identity at an external provider as well. */
export const providerLinked = (to: EventParts, { pool, sub, provider }: PoolUser & { provider: string }): void =>
  note(to, 'provider-linked', { pool, sub, provider })

/** A user can no longer sign in by an identity at a provider; by password where the provider is Cognito. */
export const providerDisabled = (to: EventParts, { pool, sub, provider }: PoolUser & { provider: string }): void =>
  note(to, 'provider-disabled', { pool, sub, provider })

/** An import job has begun, gone on, or ended: how many users it has handled, and how many a second since it was started. */
export const userImport = (
  to: EventParts,
  fields: {
    pool: string
    job: string
    status: string
    imported: number
    skipped: number
    failed: number
    usersPerSecond: number
  },
): void => note(to, 'user-import', fields)

/** Tokens were given for a new sign-in. */
export const signedIn = (to: EventParts, { pool, client, sub }: ClientUser): void =>
  note(to, 'signed-in', { pool, client, sub })

/** An application got a token for itself. */
export const clientTokenIssued = (to: EventParts, { pool, client }: { pool: string; client: string }): void =>
  note(to, 'client-token-issued', { pool, client })

/** A service had a token exchanged for one of its own (RFC 8693). `sub`: of the user, or the application, that it acts for. */
export const tokenExchanged = (to: EventParts, { pool, client, sub }: ClientUser): void =>
  note(to, 'token-exchanged', { pool, client, sub })

/** An application made its own app client (oauth/register/). */
export const clientRegistered = (
  to: EventParts,
  { pool, client, by }: { pool: string; client: string; by: 'token' | 'anyone' },
): void => note(to, 'client-registered', { pool, client, by })

/** An app client that registered itself was deleted, as nobody used it (REGISTERED_CLIENT_DAYS). */
export const clientDeleted = (
  to: EventParts,
  { pool, client, by }: { pool: string; client: string; by: 'age' },
): void => note(to, 'client-deleted', { pool, client, by })

/** A user allowed an application that registered itself what it asked for. */
export const consentGiven = (to: EventParts, { pool, client, sub }: ClientUser): void =>
  note(to, 'consent-given', { pool, client, sub })

/** A user took back what such an application was allowed. */
export const consentRemoved = (to: EventParts, { pool, client, sub }: ClientUser): void =>
  note(to, 'consent-removed', { pool, client, sub })

export type SignInRefusalReason =
  | 'wrong-password'
  | 'unknown-user'
  | 'locked'
  | 'disabled'
  | 'unconfirmed'
  | 'reset-required'
  | 'compromised-password'
  | 'temporary-password-expired'
  | 'invalid-session'
  | 'expired-session'
  | 'used-session'
  | 'wrong-code'
  | 'expired-code'
  | 'no-first-factor'
  | 'wrong-software-token'
  | 'used-software-token'
  | 'wrong-recovery-code'
  | 'no-second-factor'
  | 'custom-failed'
  | 'external-provider'
  | 'wrong-passkey'
  | 'cloned-passkey'
  | 'unknown-device'
  | 'wrong-device-secret'
  | 'blocked-address'
  | 'risk'

/** A sign-in ended without tokens. No `sub`: nobody has the name, or it is not known who asks. */
export const signInRefused = (
  to: EventParts,
  { pool, client, sub, reason }: Omit<ClientUser, 'sub'> & { sub: string | undefined; reason: SignInRefusalReason },
): void => note(to, 'sign-in-refused', { pool, client, sub, reason })

/** A sign-in goes on with a further step, such as NEW_PASSWORD_REQUIRED. The second half of SRP is none. */
export const challenged = (
  to: EventParts,
  { pool, client, sub, challenge }: Omit<ClientUser, 'sub'> & { sub: string | undefined; challenge: string },
): void => note(to, 'challenged', { pool, client, sub, challenge })

/** New tokens were given for a sign-in that stands. */
export const tokenRefreshed = (to: EventParts, { pool, client, sub }: ClientUser): void =>
  note(to, 'token-refreshed', { pool, client, sub })

export type RefreshRefusalReason =
  | 'invalid'
  | 'expired'
  | 'idle'
  | 'unknown-user'
  | 'disabled'
  | 'reset-required'
  | 'revoked'
  | 'rotated-away'
  | 'wrong-device'
  | 'wrong-key'
  | 'reused'

/** A refresh token was refused. `idle`: unused for too long. No `sub`: it is none of this client's. `reused`: a rotated one came back, and its sign-in ended. */
export const refreshRefused = (
  to: EventParts,
  { pool, client, sub, reason }: Omit<ClientUser, 'sub'> & { sub: string | undefined; reason: RefreshRefusalReason },
): void => note(to, 'refresh-refused', { pool, client, sub, reason })

/** Tokens ended: of every sign-in of the user, or of one. `session limit`: a newer sign-in took its place. `reuse of a code`: an authorization code came twice, and may have been stolen. */
export const signedOut = (
  to: EventParts,
  {
    pool,
    sub,
    from,
    by,
  }: PoolUser & {
    from: 'everywhere' | 'one sign-in'
    by: 'user' | 'administrator' | 'session limit' | 'reuse of a code' | 'identity provider'
  },
): void => note(to, 'signed-out', { pool, sub, from, by })

/** A code is on its way. */
export const codeSent = (
  to: EventParts,
  { pool, sub, purpose, attribute }: PoolUser & { purpose: string; attribute: string },
): void => note(to, 'code-sent', { pool, sub, purpose, attribute })

/** A code was asked for that nobody gets, as the client hides who exists. */
export const codeSimulated = (to: EventParts, { pool, purpose }: { pool: string; purpose: string }): void =>
  note(to, 'code-simulated', { pool, purpose })

/**
 * Something was refused as a budget is spent (docs/decisions/budgets.md): a message (`SMS`, `EMAIL`) or a try at a `code`.
 * `budget` is the kind of the budget, such as `pool`.
 */
export const budgetSpent = (to: EventParts, fields: { pool: string; what: string; budget: string }): void =>
  note(to, 'budget-spent', fields)

/** A code was wrong, or is good no more. No `sub`: nobody has the name. */
export const codeRefused = (
  to: EventParts,
  {
    pool,
    sub,
    purpose,
    reason,
  }: { pool: string; sub: string | undefined; purpose: string; reason: 'wrong' | 'expired' },
): void => note(to, 'code-refused', { pool, sub, purpose, reason })

/** A user proved an address or number. */
export const attributeVerified = (to: EventParts, { pool, sub, attribute }: PoolUser & { attribute: string }): void =>
  note(to, 'attribute-verified', { pool, sub, attribute })

/** A user has an authenticator app from now on, in place of any earlier one. */
export const softwareTokenSetUp = (to: EventParts, { pool, sub, by }: PoolUser & { by: 'token' | 'sign-in' }): void =>
  note(to, 'software-token-set-up', { pool, sub, by })

/** A code that was to prove a new authenticator app was wrong. */
export const softwareTokenRefused = (to: EventParts, { pool, sub }: PoolUser): void =>
  note(to, 'software-token-refused', { pool, sub })

/** By an administrator; the user's authenticator app is a second factor no more. */
export const softwareTokenRemoved = (to: EventParts, { pool, sub }: PoolUser): void =>
  note(to, 'software-token-removed', { pool, sub })

/** A user has a new set of recovery codes, in place of any earlier one. */
export const recoveryCodesMade = (to: EventParts, { pool, sub, count }: PoolUser & { count: number }): void =>
  note(to, 'recovery-codes-made', { pool, sub, count })

/** A recovery code took the place of a second factor. `left`: how many the user has still. */
export const recoveryCodeUsed = (to: EventParts, { pool, client, sub, left }: ClientUser & { left: number }): void =>
  note(to, 'recovery-code-used', { pool, client, sub, left })

/** A user has no recovery codes any more. */
export const recoveryCodesDeleted = (
  to: EventParts,
  { pool, sub, by }: PoolUser & { by: 'user' | 'administrator' },
): void => note(to, 'recovery-codes-deleted', { pool, sub, by })

/** Second factors were turned on or off, or another one is preferred. `on`: those that are on now. */
export const secondFactorsChanged = (
  to: EventParts,
  { pool, sub, by, on }: PoolUser & { by: 'user' | 'administrator'; on: readonly string[] },
): void => note(to, 'second-factors-changed', { pool, sub, by, on })
/** A user has one more passkey to sign in with. */
export const passkeyRegistered = (to: EventParts, { pool, client, sub }: ClientUser): void =>
  note(to, 'passkey-registered', { pool, client, sub })

/** By its user. */
export const passkeyDeleted = (to: EventParts, { pool, client, sub }: ClientUser): void =>
  note(to, 'passkey-deleted', { pool, client, sub })

/** `code`: a forgotten one was replaced. `invitation`: the temporary one of an administrator was. */
export const passwordChanged = (
  to: EventParts,
  { pool, sub, by }: PoolUser & { by: 'user' | 'code' | 'invitation' | 'administrator' },
): void => note(to, 'password-changed', { pool, sub, by })

/** A user who wanted to change the password did not know the present one, or had guessed too often. */
export const passwordChangeRefused = (
  to: EventParts,
  { pool, sub, reason }: PoolUser & { reason: 'wrong-password' | 'locked' },
): void => note(to, 'password-change-refused', { pool, sub, reason })

/** An administrator, or threat protection, took a password away; its user needs a code to set another. */
export const passwordReset = (to: EventParts, { pool, sub }: PoolUser): void =>
  note(to, 'password-reset', { pool, sub })

/** A device of the user is known from now on. */
export const deviceConfirmed = (to: EventParts, { pool, sub, device }: PoolUser & { device: string }): void =>
  note(to, 'device-confirmed', { pool, sub, device })

/** A device of the user is known no more; its refresh tokens ended. */
export const deviceForgotten = (
  to: EventParts,
  { pool, sub, device, by }: PoolUser & { device: string; by: 'user' | 'administrator' },
): void => note(to, 'device-forgotten', { pool, sub, device, by })

/** By an administrator. */
export const userCreated = (to: EventParts, { pool, sub }: PoolUser): void => note(to, 'user-created', { pool, sub })

/** A user of another directory, whom a UserMigration trigger knows. */
export const userMigrated = (to: EventParts, { pool, sub }: PoolUser): void => note(to, 'user-migrated', { pool, sub })

/** A user who has come from an identity provider for the first time. */
export const userFederated = (to: EventParts, { pool, sub, provider }: PoolUser & { provider: string }): void =>
  note(to, 'user-federated', { pool, sub, provider })

/** A user whom an administrator made gets a new temporary password. */
export const userInvitedAgain = (to: EventParts, { pool, sub }: PoolUser): void =>
  note(to, 'user-invited-again', { pool, sub })

/** `age`: of an account that was never confirmed. */
export const userDeleted = (
  to: EventParts,
  { pool, sub, by }: PoolUser & { by: 'user' | 'administrator' | 'age' },
): void => note(to, 'user-deleted', { pool, sub, by })

/** By an administrator; every token of the user ended. */
export const userDisabled = (to: EventParts, { pool, sub }: PoolUser): void => note(to, 'user-disabled', { pool, sub })

export const userEnabled = (to: EventParts, { pool, sub }: PoolUser): void => note(to, 'user-enabled', { pool, sub })

/** A Lambda trigger was called. `outcome`: `answered`, `threw` (it refused), or the reason why there is no answer. */
export const triggerCalled = (
  to: EventParts,
  fields: { pool: string; trigger: string; source: string; arn: string; outcome: string; ms: number },
): void => note(to, 'trigger-called', fields)

/** A function has not answered several times in a row: it is not asked for a while. */
export const functionAway = (to: EventParts, fields: { arn: string; reason: string }): void =>
  note(to, 'function-away', fields, 'warn')

/** A function that was away answers again. */
export const functionBack = (to: EventParts, fields: { arn: string }): void => note(to, 'function-back', fields)

/** An identity got credentials of a role. All such sessions have one name: this tells whose a key is. */
export const credentialsGiven = (
  to: EventParts,
  { identityPool, identity, accessKeyId }: { identityPool: string; identity: string; accessKeyId: string | undefined },
): void => note(to, 'credentials-given', { identityPool, identity, accessKeyId })

/** A session of a role began. `action`: the way to it, such as sts:AssumeRole. Its name is left out: it may be an address. */
export const roleAssumed = (
  to: EventParts,
  { role, action, accessKeyId }: { role: string; action: string; accessKeyId: string | undefined },
): void => note(to, 'role-assumed', { role, action, accessKeyId })
