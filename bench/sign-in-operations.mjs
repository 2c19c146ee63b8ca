// Sign-ins by more than a password, for operations.mjs. `prepare` makes a pool before the first measurement, for a pool
// of the world with `sessions` sessions; what it returns is `own` for `run`.
import { arnOf, ways } from './functions.mjs'
import { beginByPassword, makePasskeyPool, makeSignInPool, makeTotpPool, unusedCode } from './sign-in-pools.mjs'
import { DEV_CODE } from './world-names.mjs'

/** Enough for the sign-ins of half a minute, as each user has two or three codes in that. */
const TOTP_USERS_A_SESSION = 10
const MOST_TOTP_USERS = 4000
const MOST_USERS = 200

const userOf = (own, i) => own.users[i % own.users.length]

function expectTokens(answer) {
  if (!answer.AuthenticationResult?.RefreshToken) throw new Error(`no tokens: ${JSON.stringify(answer).slice(0, 200)}`)
  return answer.AuthenticationResult
}

/** Answers the challenge `name`, which `challenge` must be, and expects tokens. */
async function answerChallenge(call, { clientId }, { username }, challenge, name, responses) {
  if (challenge.ChallengeName !== name) throw new Error(`no ${name}: ${JSON.stringify(challenge).slice(0, 200)}`)
  const answer = await call('RespondToAuthChallenge', {
    ClientId: clientId,
    ChallengeName: name,
    ChallengeResponses: { USERNAME: username, ...responses },
    Session: challenge.Session,
  })
  return expectTokens(answer)
}

const beginByChoice = (call, { clientId }, { username }, challenge) =>
  call('InitiateAuth', {
    AuthFlow: 'USER_AUTH',
    ClientId: clientId,
    AuthParameters: { USERNAME: username, PREFERRED_CHALLENGE: challenge },
  })

/** As `operations` of operations.mjs. No peer has them. */
export const signInOperations = [
  {
    name: 'TOTP sign-in',
    calls: 'InitiateAuth USER_PASSWORD_AUTH, RespondToAuthChallenge SOFTWARE_TOKEN_MFA',
    floor: { exponentiation: 1, signature: 2 },
    prepare: ({ call, sessions }) =>
      makeTotpPool(call, Math.min(sessions.length * TOTP_USERS_A_SESSION, MOST_TOTP_USERS)),
    run: async ({ call, own }, i) => {
      const user = userOf(own, i)
      const challenge = await beginByPassword(call, own, user)
      const SOFTWARE_TOKEN_MFA_CODE = unusedCode(user)
      await answerChallenge(call, own, user, challenge, 'SOFTWARE_TOKEN_MFA', { SOFTWARE_TOKEN_MFA_CODE })
    },
  },
  {
    name: 'passkey sign-in',
    calls: 'InitiateAuth USER_AUTH, RespondToAuthChallenge WEB_AUTHN (ES256, an authenticator that counts)',
    floor: { ecVerification: 1, signature: 2 },
    prepare: ({ call, sessions }) => makePasskeyPool(call, Math.min(sessions.length, MOST_USERS)),
    run: async ({ call, own }, i) => {
      const user = userOf(own, i)
      const challenge = await beginByChoice(call, own, user, 'WEB_AUTHN')
      const options = JSON.parse(challenge.ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS)
      const CREDENTIAL = JSON.stringify(user.authenticator.get(options))
      await answerChallenge(call, own, user, challenge, 'WEB_AUTHN', { CREDENTIAL })
    },
  },
  {
    name: 'e-mail code sign-in',
    calls: 'InitiateAuth USER_AUTH, RespondToAuthChallenge EMAIL_OTP',
    floor: { signature: 2 },
    prepare: ({ call, sessions }) =>
      makeSignInPool(call, {
        count: Math.min(sessions.length, MOST_USERS),
        settings: { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } } },
      }),
    run: async ({ call, own }, i) => {
      const user = userOf(own, i)
      const challenge = await beginByChoice(call, own, user, 'EMAIL_OTP')
      await answerChallenge(call, own, user, challenge, 'EMAIL_OTP', { EMAIL_OTP_CODE: DEV_CODE })
    },
  },
  {
    name: 'custom sign-in, module',
    calls:
      'InitiateAuth CUSTOM_AUTH, RespondToAuthChallenge CUSTOM_CHALLENGE: four calls of a function in a worker thread',
    floor: { signature: 2 },
    prepare: ({ call, sessions }) => {
      const triggers = ['DefineAuthChallenge', 'CreateAuthChallenge', 'VerifyAuthChallengeResponse']
      const LambdaConfig = Object.fromEntries(triggers.map((trigger) => [trigger, arnOf('module')]))
      return makeSignInPool(call, { count: Math.min(sessions.length, MOST_USERS), settings: { LambdaConfig } })
    },
    run: async ({ call, own }, i) => {
      const user = userOf(own, i)
      const challenge = await call('InitiateAuth', {
        AuthFlow: 'CUSTOM_AUTH',
        ClientId: own.clientId,
        AuthParameters: { USERNAME: user.username },
      })
      await answerChallenge(call, own, user, challenge, 'CUSTOM_CHALLENGE', { ANSWER: 'sesame' })
    },
  },
  ...ways.map((way) => ({
    name: `pre-token sign-in, ${way}`,
    calls: `InitiateAuth USER_PASSWORD_AUTH with PreTokenGeneration by the way "${way}"`,
    floor: { exponentiation: 1, signature: 2 },
    prepare: ({ call, sessions }) =>
      makeSignInPool(call, {
        count: Math.min(sessions.length, MOST_USERS),
        settings: { LambdaConfig: { PreTokenGeneration: arnOf(way) } },
      }),
    run: async ({ call, own }, i) => {
      const { IdToken } = expectTokens(await beginByPassword(call, own, userOf(own, i)))
      const { tier } = JSON.parse(Buffer.from(IdToken.split('.')[1], 'base64url'))
      if (tier !== 'gold') throw new Error('The function was not asked.')
    },
  })),
].map((operation) => ({ ...operation, peer: false, connections: 16 }))
