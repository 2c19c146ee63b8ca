// Who exists, told by nothing: every operation of user pools that anybody may call is called for a user in each state and
// for nobody, at a client with PreventUserExistenceErrors ENABLED. Status, headers, length and text of the answers must
// be those of nobody, but for the differences that existence-differences.ts lists (docs/reference/threats.md 1).
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { cognitoIdpModel } from '../../src/contract/cognito-idp.model.ts'
import { Authenticator, type RequestOptions } from '../authenticator.ts'
import {
  ALL_FLOWS,
  makeUser,
  PASSWORD,
  type RawAnswer,
  signIn,
  type TestServer,
  usePool,
  useTestServer,
} from '../harness.ts'
import { registerPasskey } from '../passkeys.ts'
import { signUpUser } from '../sign-up.ts'
import { srpAnswer, srpStart } from '../srp-client.ts'
import { type ComparableAnswer, comparable, differencesOf } from './existence-answers.ts'
import { expectedDifferences, type Users } from './existence-differences.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const WRONG = 'Wr0ng!pass'

/** Calls an operation with the ClientId and the members given. */
type Call = (operation: string, input: Record<string, unknown>) => Promise<RawAnswer>
type Walk = (call: Call, name: string, poolId: string) => Promise<RawAnswer[]>

const enumOf = (shape: string): readonly string[] =>
  (cognitoIdpModel.shapes[shape] as { enum?: readonly string[] }).enum ?? []

const times = async (count: number, step: () => Promise<RawAnswer>): Promise<RawAnswer[]> => {
  const answers: RawAnswer[] = []
  for (let i = 0; i < count; i++) answers.push(await step())
  return answers
}

/** Often enough to meet the lock after wrong passwords, the limit on tries at a code, and the hourly limits. */
const OFTEN = 8

const flowWalks = (): [string, Walk][] =>
  enumOf('AuthFlowType').map((AuthFlow) => [
    `InitiateAuth ${AuthFlow}`,
    (call, USERNAME) =>
      times(OFTEN, () =>
        call('InitiateAuth', {
          AuthFlow,
          AuthParameters: { USERNAME, PASSWORD: WRONG, SRP_A: srpStart().A, REFRESH_TOKEN: 'invented' },
        }),
      ),
  ])

const codeTries = (call: Call, ChallengeName: string, USERNAME: string, Session: unknown): Promise<RawAnswer[]> => {
  const ChallengeResponses = { USERNAME, EMAIL_OTP_CODE: 'x', SMS_OTP_CODE: 'x', PASSWORD: WRONG }
  return times(OFTEN, () => call('RespondToAuthChallenge', { ChallengeName, ChallengeResponses, Session }))
}

/** Answers to WEB_AUTHN that name the passkey which was asked for, signed by another one. */
const passkeyTries = (call: Call, USERNAME: string, { ChallengeParameters, Session }: RawAnswer['json']) => {
  const asked = (ChallengeParameters as Record<string, string>)?.['CREDENTIAL_REQUEST_OPTIONS']
  const options = asked === undefined ? NO_OPTIONS : (JSON.parse(asked) as RequestOptions)
  const toldId = options.allowCredentials[0]?.id
  return times(OFTEN, () => {
    const credential = new Authenticator().get(options, toldId === undefined ? {} : { toldId })
    const ChallengeResponses = { USERNAME, CREDENTIAL: JSON.stringify(credential) }
    return call('RespondToAuthChallenge', { ChallengeName: 'WEB_AUTHN', ChallengeResponses, Session })
  })
}
const NO_OPTIONS: RequestOptions = {
  challenge: 'AA',
  timeout: 0,
  rpId: 'localhost',
  allowCredentials: [],
  userVerification: 'preferred',
}

const factorTries = (call: Call, factor: string, USERNAME: string, json: RawAnswer['json']): Promise<RawAnswer[]> =>
  factor === 'WEB_AUTHN' ? passkeyTries(call, USERNAME, json) : codeTries(call, factor, USERNAME, json.Session)

/** USER_AUTH with a factor preferred, and chosen from what is offered; what follows is answered wrongly. */
const choiceWalks = (factor: string): [string, Walk][] => {
  const begin = (call: Call, AuthParameters: Record<string, string>) =>
    call('InitiateAuth', { AuthFlow: 'USER_AUTH', AuthParameters })
  return [
    [
      `USER_AUTH with ${factor} preferred`,
      async (call, USERNAME) => {
        const begun = await begin(call, { USERNAME, PREFERRED_CHALLENGE: factor })
        return [begun, ...(await factorTries(call, factor, USERNAME, begun.json))]
      },
    ],
    [
      `USER_AUTH with ${factor} chosen`,
      async (call, USERNAME, poolId) => {
        const begun = await begin(call, { USERNAME })
        const start = srpStart()
        const ChallengeResponses = { USERNAME, ANSWER: factor, SRP_A: start.A }
        const select = { ChallengeName: 'SELECT_CHALLENGE', ChallengeResponses, Session: begun.json.Session }
        const chosen = await call('RespondToAuthChallenge', select)
        const again = await call('RespondToAuthChallenge', select)
        const { ChallengeParameters, Session } = chosen.json
        if (factor !== 'PASSWORD_SRP')
          return [begun, chosen, again, ...(await factorTries(call, factor, USERNAME, chosen.json))]
        const claim = srpAnswer(poolId, start, ChallengeParameters as Record<string, string>, WRONG)
        const answer = { ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses: claim, Session }
        return [begun, chosen, again, await call('RespondToAuthChallenge', answer)]
      },
    ],
  ]
}

const challengeWalks = (): [string, Walk][] =>
  enumOf('ChallengeNameType').map((ChallengeName) => [
    `RespondToAuthChallenge ${ChallengeName}`,
    ChallengeName === 'PASSWORD_VERIFIER'
      ? srpWalk
      : (call, USERNAME) => {
          const ChallengeResponses = { USERNAME, NEW_PASSWORD: PASSWORD, ANSWER: '000000' }
          const Session = `AYABe${'x'.repeat(100)}`
          return times(2, () => call('RespondToAuthChallenge', { ChallengeName, ChallengeResponses, Session }))
        },
  ])

const srpWalk: Walk = async (call, USERNAME, poolId) => {
  const answers: RawAnswer[] = []
  for (let i = 0; i < OFTEN; i++) {
    const start = srpStart()
    const AuthParameters = { USERNAME, SRP_A: start.A }
    const begun = await call('InitiateAuth', { AuthFlow: 'USER_SRP_AUTH', AuthParameters })
    const challenge = begun.json.ChallengeParameters as Record<string, string>
    const ChallengeResponses = srpAnswer(poolId, start, challenge, WRONG)
    const answer = { ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses }
    answers.push(begun, await call('RespondToAuthChallenge', answer), await call('RespondToAuthChallenge', answer))
  }
  return answers
}

const confirmForgotten = (call: Call, Username: string): Promise<RawAnswer> =>
  call('ConfirmForgotPassword', { Username, ConfirmationCode: 'x', Password: PASSWORD })
const confirmSignUp = (call: Call, Username: string): Promise<RawAnswer> =>
  call('ConfirmSignUp', { Username, ConfirmationCode: 'x' })

/** What is called for each public operation of the contract; a new operation needs a line here. */
const walks: Readonly<Record<string, () => [string, Walk][]>> = {
  InitiateAuth: flowWalks,
  RespondToAuthChallenge: challengeWalks,
  SignUp: () => [
    [
      'SignUp',
      (call, Username) => {
        const UserAttributes = [{ Name: 'email', Value: Username.includes('@') ? Username : `${Username}@example.com` }]
        return times(1, () => call('SignUp', { Username, Password: PASSWORD, UserAttributes }))
      },
    ],
    [
      'SignUp with a weak password',
      (call, Username) => times(1, () => call('SignUp', { Username, Password: 'abcdef' })),
    ],
  ],
  ConfirmSignUp: () => [
    ['ConfirmSignUp', (call, name) => times(OFTEN, () => confirmSignUp(call, name))],
    [
      'ConfirmSignUp after ResendConfirmationCode',
      async (call, Username) => [
        await call('ResendConfirmationCode', { Username }),
        ...(await times(OFTEN, () => confirmSignUp(call, Username))),
      ],
    ],
  ],
  ResendConfirmationCode: () => [
    ['ResendConfirmationCode', (call, Username) => times(OFTEN, () => call('ResendConfirmationCode', { Username }))],
  ],
  ForgotPassword: () => [
    ['ForgotPassword', (call, Username) => times(OFTEN, () => call('ForgotPassword', { Username }))],
  ],
  ConfirmForgotPassword: () => [
    ['ConfirmForgotPassword', (call, name) => times(OFTEN, () => confirmForgotten(call, name))],
    [
      'ConfirmForgotPassword after ForgotPassword',
      async (call, Username) => [
        await call('ForgotPassword', { Username }),
        ...(await times(OFTEN, () => confirmForgotten(call, Username))),
      ],
    ],
  ],
  // These name a user by a token alone.
  GetTokensFromRefreshToken: () => [
    ['GetTokensFromRefreshToken', (call) => times(1, () => call('GetTokensFromRefreshToken', { RefreshToken: 'x' }))],
  ],
  RevokeToken: () => [['RevokeToken', (call) => times(1, () => call('RevokeToken', { Token: 'x' }))]],
  GetClientToken: () => [['GetClientToken', (call) => times(1, () => call('GetClientToken', {}))]],
  UpdateAuthEventFeedback: () => [
    [
      'UpdateAuthEventFeedback',
      (call, Username, UserPoolId) => {
        const feedback = { EventId: 'x', FeedbackToken: 'x', FeedbackValue: 'Valid' }
        return times(1, () => call('UpdateAuthEventFeedback', { Username, UserPoolId, ...feedback }))
      },
    ],
  ],
}

const choices = ['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'].map(
  (factor): [string, () => [string, Walk][]] => [`USER_AUTH, ${factor}`, () => choiceWalks(factor)],
)

const publicOperations = Object.entries(cognitoIdpModel.operations)
  .filter(([, { caller }]) => caller === 'public')
  .map(([name]) => name)

interface At {
  server: TestServer
  poolId: string
  clientId: string
}

const made = async ({ server, poolId }: At, name: string): Promise<unknown> =>
  makeUser(server, poolId, name, {
    ...(name.includes('@') ? {} : { email: `${name}@example.com` }),
    email_verified: 'true',
  })

/**
 * How each user is made. They must look like `nobody`; who has a passkey looks like that half of the names that belong to
 * nobody which seem to have one.
 */
const states: Readonly<Record<string, (at: At, name: string) => Promise<unknown>>> = {
  confirmed: made,
  disabled: async (at, name) => {
    await made(at, name)
    await at.server.admin.send(new AdminDisableUserCommand({ UserPoolId: at.poolId, Username: name }))
  },
  unconfirmed: ({ server, clientId }, name) =>
    signUpUser(server, clientId, name, name.includes('@') ? {} : { email: `${name}@example.com` }),
  reset: async (at, name) => {
    await made(at, name)
    await at.server.admin.send(new AdminResetUserPasswordCommand({ UserPoolId: at.poolId, Username: name }))
  },
  invited: async ({ server, poolId }, Username) =>
    server.admin.send(
      new AdminCreateUserCommand({
        UserPoolId: poolId,
        Username,
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
      }),
    ),
  // Signs in by codes alone.
  passwordless: async ({ server, poolId }, Username) => {
    const UserAttributes = [
      ...(Username.includes('@') ? [] : [{ Name: 'email', Value: `${Username}@example.com` }]),
      { Name: 'email_verified', Value: 'true' },
    ]
    return server.admin.send(
      new AdminCreateUserCommand({ UserPoolId: poolId, Username, UserAttributes, MessageAction: 'SUPPRESS' }),
    )
  },
  holder: async (at, name) => {
    await made(at, name)
    await registerPasskey(at.server, (await signIn(at.server, at.clientId, name)).AccessToken, new Authenticator())
  },
}

/** A name that belongs to nobody, and seems to have a passkey or not. */
async function nameOfNobody(call: Call, start: string, suffix: string, hasPasskey: boolean): Promise<string> {
  for (let i = 0; ; i++) {
    const USERNAME = `${start}${i}${suffix}`
    const { json } = await call('InitiateAuth', { AuthFlow: 'USER_AUTH', AuthParameters: { USERNAME } })
    if ((json['AvailableChallenges'] as string[]).includes('WEB_AUTHN') === hasPasskey) return USERNAME
  }
}

it('walks through every public operation of the contract, and no other', () => {
  expect(Object.keys(walks).sort()).toEqual([...publicOperations].sort())
})

describe.each<{ users: Users; pool: Partial<CreateUserPoolCommandInput>; suffix: string; age: number }>([
  { users: { named: 'by username', codesLive: true }, pool: {}, suffix: '', age: 0 },
  {
    users: { named: 'by address', codesLive: false },
    pool: { UsernameAttributes: ['email'] },
    suffix: '@example.com',
    age: 2 * DAY_MS,
  },
])('answers about users named $users.named (their codes alive: $users.codesLive)', ({ users, pool, suffix, age }) => {
  const server = useTestServer({ env: { PUBLIC_CALLS_PER_MINUTE: '0' } })
  const at = usePool(server, {
    pool: {
      AutoVerifiedAttributes: ['email'],
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'] } },
      ...pool,
    },
    client: {
      PreventUserExistenceErrors: 'ENABLED',
      ExplicitAuthFlows: [...ALL_FLOWS, 'ALLOW_CUSTOM_AUTH', 'ALLOW_USER_AUTH'],
    },
  })

  it.each([...Object.entries(walks), ...choices])(
    '%s',
    async (_, walksOf) => {
      const found: string[] = []
      for (const [walk, run] of walksOf()) {
        const names = new Map(
          Object.keys(states).map((state, i) => [state, `x${walk.replace(/\W/g, '')}${i}${suffix}`]),
        )
        for (const [state, name] of names) await states[state]?.({ server, ...at }, name)
        server.clock.advance(age)
        const call: Call = (operation, input) => server.raw(operation, { ClientId: at.clientId, ...input })
        const start = `n${walk.replace(/\W/g, '')}`
        names.set('nobody', await nameOfNobody(call, start, suffix, false))
        names.set('nobodyWithPasskey', await nameOfNobody(call, `${start}p`, suffix, true))
        const answered = async (state: string): Promise<ComparableAnswer[]> => {
          const name = names.get(state) as string
          return (await run(call, name, at.poolId)).map((answer) => comparable(answer, name))
        }
        // Locks and hours pass for nobody earlier than for others otherwise.
        server.clock.freeze()
        const nobody = { without: await answered('nobody'), with: await answered('nobodyWithPasskey') }
        for (const state of Object.keys(states)) {
          const answers = await answered(state)
          const ofNobody = state === 'holder' ? nobody.with : nobody.without
          expect(answers.map(({ headers }) => headers)).toEqual(ofNobody.map(({ headers }) => headers))
          const [texts, textsOfNobody] = [answers, ofNobody].map((list) => list.map(({ text }) => text))
          found.push(...differencesOf(texts ?? [], textsOfNobody ?? []).map((line) => `${walk}, ${state}, ${line}`))
        }
        server.clock.thaw()
      }
      expect(found.sort()).toEqual(
        expectedDifferences(
          walksOf().map(([walk]) => walk),
          users,
        ).sort(),
      )
    },
    120_000,
  )
})
