// The calls of enumeration.mjs: each begins with a name, and goes on with what was answered. Every name is walked once through each
// door of its pool, in the order below, so that a user and a name that nobody has always have the same past.
import { arnOf } from './functions.mjs'
import { srpA, srpAnswer } from './srp-client.mjs'

const PASSWORD = 'Passw0rd!x'
const WRONG = 'Wr0ng!pass'
const WRONG_CODE = '000000'

const begin =
  (AuthFlow, more = {}) =>
  (_pool, USERNAME) => ['InitiateAuth', { AuthFlow, AuthParameters: { USERNAME, ...more } }]
const respond = (ChallengeName, responses) => (pool, USERNAME, before) => [
  'RespondToAuthChallenge',
  { ChallengeName, Session: before.Session, ChallengeResponses: { USERNAME, ...responses(pool, before) } },
]
const step = (name, call) => ({ name, call })
const named = (operation, more = {}) => step(operation, (_pool, Username) => [operation, { Username, ...more }])
const door = (pool, ...steps) => ({ name: steps.map(({ name }) => name).join(', '), pool, steps })

/** A row for each way through a door: the pool it needs, and its steps. */
export const doors = [
  door('confirmed', step('password', begin('USER_PASSWORD_AUTH', { PASSWORD: WRONG }))),
  door(
    'confirmed',
    step('SRP, first step', begin('USER_SRP_AUTH', { SRP_A: srpA })),
    step(
      'SRP, second step',
      respond('PASSWORD_VERIFIER', (pool, { ChallengeParameters }) =>
        srpAnswer(pool.poolId, ChallengeParameters, WRONG),
      ),
    ),
  ),
  door(
    'confirmed',
    step('USER_AUTH', begin('USER_AUTH')),
    step(
      'PASSWORD chosen',
      respond('SELECT_CHALLENGE', () => ({ ANSWER: 'PASSWORD', PASSWORD: WRONG })),
    ),
  ),
  door(
    'confirmed',
    step('USER_AUTH, e-mail preferred', begin('USER_AUTH', { PREFERRED_CHALLENGE: 'EMAIL_OTP' })),
    step(
      'EMAIL_OTP',
      respond('EMAIL_OTP', () => ({ EMAIL_OTP_CODE: WRONG_CODE })),
    ),
  ),
  door(
    'confirmed',
    named('ForgotPassword'),
    named('ConfirmForgotPassword', { ConfirmationCode: WRONG_CODE, Password: PASSWORD }),
  ),
  door('unconfirmed', named('ResendConfirmationCode'), named('ConfirmSignUp', { ConfirmationCode: WRONG_CODE })),
  door(
    'custom',
    step('CUSTOM_AUTH', begin('CUSTOM_AUTH')),
    step(
      'CUSTOM_CHALLENGE',
      respond('CUSTOM_CHALLENGE', () => ({ ANSWER: 'wrong' })),
    ),
  ),
  // Last, as it makes the names that nobody has into users.
  {
    ...door('unconfirmed', named('SignUp', { Password: PASSWORD })),
    documented: 'tells it by its answer, as in the service',
  },
]

const FLOWS = ['USER_PASSWORD_AUTH', 'USER_SRP_AUTH', 'USER_AUTH', 'CUSTOM_AUTH', 'REFRESH_TOKEN_AUTH']

/** A pool for each word that doors name, with `count` users each. */
export async function makeDoorPools(client, count) {
  const admin = (operation, input) => client.call(operation, input, { signed: true })
  const custom = ['DefineAuthChallenge', 'CreateAuthChallenge', 'VerifyAuthChallengeResponse']
  const confirmed = async (UserPoolId, Username) => {
    const UserAttributes = [
      { Name: 'email', Value: Username },
      { Name: 'email_verified', Value: 'true' },
    ]
    await admin('AdminCreateUser', { UserPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' })
    await admin('AdminSetUserPassword', { UserPoolId, Username, Password: PASSWORD, Permanent: true })
  }
  const unconfirmed = (_UserPoolId, Username, ClientId) =>
    client.call('SignUp', { ClientId, Username, Password: PASSWORD })
  const withChoice = { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } } }
  return {
    confirmed: await makePool(admin, count, withChoice, confirmed),
    unconfirmed: await makePool(admin, count, {}, unconfirmed),
    custom: await makePool(
      admin,
      count,
      { LambdaConfig: Object.fromEntries(custom.map((trigger) => [trigger, arnOf('handler')])) },
      confirmed,
    ),
  }
}

async function makePool(admin, count, settings, makeUser) {
  const email = { UsernameAttributes: ['email'], AutoVerifiedAttributes: ['email'] }
  const { UserPool } = await admin('CreateUserPool', { PoolName: 'bench enumeration', ...email, ...settings })
  const { UserPoolClient } = await admin('CreateUserPoolClient', {
    UserPoolId: UserPool.Id,
    ClientName: 'bench',
    PreventUserExistenceErrors: 'ENABLED',
    ExplicitAuthFlows: FLOWS.map((flow) => `ALLOW_${flow}`),
  })
  const pool = {
    poolId: UserPool.Id,
    clientId: UserPoolClient.ClientId,
    // Of the same length.
    known: (i) => `user${String(i).padStart(5, '0')}@example.org`,
    unknown: (i) => `name${String(i).padStart(5, '0')}@example.org`,
  }
  for (let i = 0; i < count; i++) await makeUser(pool.poolId, pool.known(i), pool.clientId)
  return pool
}
