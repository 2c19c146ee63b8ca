// User pools for the sign-ins of sign-in-operations.mjs, each made before its operation is first measured: pools of their own,
// so that those of the other operations have nothing of this.
import { createHmac } from 'node:crypto'
import { createAuthenticator, RELYING_PARTY } from './authenticator.mjs'

const PASSWORD = 'Passw0rd!x'
/** As many as the load has connections to prepare with: what is made for a call must not wait for one. */
const AT_ONCE = 6
const STEP_MS = 30_000
/** Time that a request may take, while its code must stay right. */
const ON_THE_WAY_MS = 5000

/**
 * A pool with a client and users: `{ poolId, clientId, users }`, each user with `username` and `password`. `mfa`:
 * SetUserPoolMfaConfig. `enrol(user, pool, call)` gives each what it signs in with.
 */
export async function makeSignInPool(call, { count, settings, mfa, enrol = async () => {} }) {
  const admin = (operation, input) => call(operation, input, { signed: true })
  const email = { UsernameAttributes: ['email'], AutoVerifiedAttributes: ['email'] }
  const { UserPool } = await admin('CreateUserPool', { PoolName: 'bench sign-in', ...email, ...settings })
  const { UserPoolClient } = await admin('CreateUserPoolClient', {
    UserPoolId: UserPool.Id,
    ClientName: 'bench',
    ExplicitAuthFlows: ['USER_PASSWORD_AUTH', 'USER_AUTH', 'CUSTOM_AUTH', 'REFRESH_TOKEN_AUTH'].map(
      (f) => `ALLOW_${f}`,
    ),
  })
  if (mfa) await admin('SetUserPoolMfaConfig', { UserPoolId: UserPool.Id, ...mfa })
  const pool = { poolId: UserPool.Id, clientId: UserPoolClient.ClientId }
  const makeUser = async (i) => {
    const user = { username: `user${i}@example.org`, password: PASSWORD }
    const named = { UserPoolId: pool.poolId, Username: user.username }
    const UserAttributes = [
      { Name: 'email', Value: user.username },
      { Name: 'email_verified', Value: 'true' },
    ]
    await admin('AdminCreateUser', { ...named, UserAttributes, MessageAction: 'SUPPRESS' })
    await admin('AdminSetUserPassword', { ...named, Password: PASSWORD, Permanent: true })
    await enrol(user, pool, call)
    return user
  }
  const users = []
  let next = 0
  const worker = async () => {
    while (next < count) users.push(await makeUser(next++))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return { ...pool, users }
}

/** The first step of a sign-in by password. */
export const beginByPassword = (call, { clientId }, { username, password }) =>
  call('InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: clientId,
    AuthParameters: { USERNAME: username, PASSWORD: password },
  })

/** Users with authenticator apps, in a pool that demands them. */
export const makeTotpPool = (call, count) =>
  makeSignInPool(call, {
    count,
    mfa: { MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: { Enabled: true } },
    async enrol(user, pool) {
      const { Session } = await beginByPassword(call, pool, user)
      const { SecretCode, Session: next } = await call('AssociateSoftwareToken', { Session })
      user.secret = fromBase32(SecretCode)
      // The oldest code that is right: later ones are left to sign in with.
      user.step = oldestStep()
      await call('VerifySoftwareToken', { Session: next, UserCode: totpCode(user.secret, user.step) })
    },
  })

/**
 * A code of the user's app that was not used before (a code is good once): of the step after the last one that was used, or of
 * the oldest that is right. Throws when the user has none left now.
 */
export function unusedCode(user) {
  const step = Math.max(user.step + 1, oldestStep())
  if (step > Math.floor(Date.now() / STEP_MS) + 1)
    throw new Error('No code is left: more users are needed for so many sign-ins in 30 seconds.')
  user.step = step
  return totpCode(user.secret, step)
}

/** The oldest step whose code is right (RFC 6238 section 5.2: one step before the present one), and stays so on the way. */
const oldestStep = () => Math.floor((Date.now() + ON_THE_WAY_MS) / STEP_MS) - 1

/** RFC 6238, six digits. */
function totpCode(secret, step) {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const number = mac.readUInt32BE(mac.at(-1) & 0x0f) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

function fromBase32(text) {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  return Buffer.from(
    bits
      .join('')
      .match(/.{8}/g)
      .map((byte) => Number.parseInt(byte, 2)),
  )
}

/** Users with a passkey each. */
export const makePasskeyPool = (call, count) =>
  makeSignInPool(call, {
    count,
    settings: { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } } },
    mfa: { MfaConfiguration: 'OFF', WebAuthnConfiguration: { RelyingPartyId: RELYING_PARTY } },
    async enrol(user, pool) {
      const { AccessToken } = (await beginByPassword(call, pool, user)).AuthenticationResult
      const { CredentialCreationOptions } = await call('StartWebAuthnRegistration', { AccessToken })
      user.authenticator = createAuthenticator()
      const Credential = user.authenticator.create(CredentialCreationOptions)
      await call('CompleteWebAuthnRegistration', { AccessToken, Credential })
    },
  })
