// The only differences between the public answers about a user and about nobody at a client that hides who exists. The
// service makes all of them, too.

/** The users of a test: how they are named, and whether the codes that their making has sent are still alive. */
export interface Users {
  readonly named: 'by username' | 'by address'
  readonly codesLive: boolean
}

interface Difference {
  readonly walk: string
  /** Which calls of the walk, counted from 1. */
  readonly calls: string
  readonly states: readonly string[]
  readonly answer: string
  readonly why: string
  /** Which users it is about; absent: all. */
  readonly only?: Partial<Users>
}

const HELD = ['confirmed', 'disabled', 'unconfirmed', 'reset', 'invited', 'passwordless', 'holder']
// docs/reference/user-pools.md 3.4
const TAKEN = 'a taken name is told at sign-up: nobody could sign up otherwise'
const CODE_OUT = 'a code was sent without a request that a stranger could have made: for nobody there is none'
// docs/reference/user-pools.md 3.1
const STATUS = 'the status is told, whatever the code, so that applications go on to the sign-in'
// docs/reference/user-pools.md 3.3
const CONFIRMED = 'clients look for this text, to go on to the sign-in'
const INVITED = 'applications ask such a user for the temporary password'

// docs/reference/user-pools.md 3.1
const TO_THE_CODE = 'applications go to the page for the code by this error; ConfirmSignUp tells the status anyway'

// docs/reference/user-pools.md 9.6
const PASSWORDS_ALONE =
  'whoever has a temporary password is offered no code, as in the service: applications then ask for the password'

const MISMATCH = '400 CodeMismatchException: Invalid verification code provided, please try again.'
const UNCONFIRMED = '400 UserNotConfirmedException: User is not confirmed.'
const OTHER_SESSION = '400 NotAuthorizedException: Invalid session for the user.'
const EXPIRED = '400 ExpiredCodeException: Invalid code provided, please request a code again.'
const ALREADY = '400 InvalidParameterException: User is already confirmed.'
const NO_RESET = '400 NotAuthorizedException: User password cannot be reset in the current state.'
const statusTold = (status: string): string =>
  `400 NotAuthorizedException: User cannot be confirmed. Current status is ${status}`

const statuses: readonly [string, readonly string[]][] = [
  ['CONFIRMED', ['confirmed', 'disabled', 'passwordless', 'holder']],
  ['RESET_REQUIRED', ['reset']],
  ['FORCE_CHANGE_PASSWORD', ['invited']],
]
const NOT_UNCONFIRMED = statuses.flatMap(([, states]) => states)

const afterResend = 'ConfirmSignUp after ResendConfirmationCode'
const afterForgot = 'ConfirmForgotPassword after ForgotPassword'

const passwordsAlone = (name: string): string =>
  `200 {"ChallengeName":"SELECT_CHALLENGE","Session":"1987","ChallengeParameters":{"USERNAME":"${name}"},"AvailableChallenges":["PASSWORD","PASSWORD_SRP"]}`

/** What a user with a temporary password is offered at these calls of a choice-based sign-in. */
const offeredPasswords = (walk: string, calls: string): Difference[] =>
  (
    [
      ['by username', 'NAME'],
      ['by address', 'UUID'],
    ] as const
  ).map(([named, name]) => ({
    walk,
    calls,
    states: ['invited'],
    answer: passwordsAlone(name),
    why: PASSWORDS_ALONE,
    only: { named },
  }))

const choice: readonly Difference[] = [
  ...offeredPasswords('InitiateAuth USER_AUTH', '1-8'),
  ...['PASSWORD', 'PASSWORD_SRP'].flatMap((factor) => offeredPasswords(`USER_AUTH with ${factor} chosen`, '1-1')),
  ...['EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'].flatMap((factor) => [
    ...offeredPasswords(`USER_AUTH with ${factor} preferred`, '1-1'),
    ...offeredPasswords(`USER_AUTH with ${factor} chosen`, '1-2'),
  ]),
  // The session is one for the choice.
  ...Object.entries({ 'EMAIL_OTP preferred': '2-9', 'EMAIL_OTP chosen': '4-11' }).map(([walk, calls]) => ({
    walk: `USER_AUTH with ${walk}`,
    calls,
    states: ['invited'],
    answer: OTHER_SESSION,
    why: PASSWORDS_ALONE,
  })),
  ...Object.entries({ 'PASSWORD preferred': '2-9', 'PASSWORD chosen': '4-11', 'PASSWORD_SRP chosen': '4-4' }).map(
    ([walk, calls]) => ({
      walk: `USER_AUTH with ${walk}`,
      calls,
      states: ['unconfirmed'],
      answer: UNCONFIRMED,
      why: TO_THE_CODE,
    }),
  ),
]

const differences: readonly Difference[] = [
  ...choice,
  {
    walk: 'SignUp',
    calls: '1-1',
    states: HELD,
    answer: '400 UsernameExistsException: User already exists',
    why: TAKEN,
    only: { named: 'by username' },
  },
  {
    walk: 'SignUp',
    calls: '1-1',
    states: HELD,
    answer: '400 UsernameExistsException: An account with the given email already exists.',
    why: TAKEN,
    only: { named: 'by address' },
  },
  ...statuses.flatMap(([status, states]): Difference[] => [
    { walk: 'ConfirmSignUp', calls: '1-8', states, answer: statusTold(status), why: STATUS },
    { walk: afterResend, calls: '2-9', states, answer: statusTold(status), why: STATUS },
  ]),
  {
    walk: 'ConfirmSignUp',
    calls: '1-5',
    states: ['unconfirmed'],
    answer: MISMATCH,
    why: CODE_OUT,
    only: { codesLive: true },
  },
  {
    walk: 'InitiateAuth USER_PASSWORD_AUTH',
    calls: '1-8',
    states: ['unconfirmed'],
    answer: UNCONFIRMED,
    why: TO_THE_CODE,
  },
  // A walk begins a sign-in, answers it and repeats the answer, eight times; the answers differ.
  ...[2, 5, 8, 11, 14, 17, 20, 23].map((call) => ({
    walk: 'RespondToAuthChallenge PASSWORD_VERIFIER',
    calls: `${call}-${call}`,
    states: ['unconfirmed'],
    answer: UNCONFIRMED,
    why: TO_THE_CODE,
  })),
  { walk: afterResend, calls: '1-1', states: NOT_UNCONFIRMED, answer: ALREADY, why: CONFIRMED },
  { walk: 'ResendConfirmationCode', calls: '1-8', states: NOT_UNCONFIRMED, answer: ALREADY, why: CONFIRMED },
  { walk: 'ForgotPassword', calls: '1-8', states: ['invited'], answer: NO_RESET, why: INVITED },
  { walk: afterForgot, calls: '1-1', states: ['invited'], answer: NO_RESET, why: INVITED },
  { walk: afterForgot, calls: '2-6', states: ['invited'], answer: EXPIRED, why: INVITED },
  {
    walk: 'ConfirmForgotPassword',
    calls: '1-5',
    states: ['reset'],
    answer: MISMATCH,
    why: CODE_OUT,
    only: { codesLive: true },
  },
]

/** The lines `WALK, STATE, calls FROM-TO: ANSWER` of these walks. */
export const expectedDifferences = (walks: readonly string[], users: Users): string[] =>
  differences
    .filter(({ walk }) => walks.includes(walk))
    .filter(({ only = {} }) => Object.entries(only).every(([name, value]) => users[name as keyof Users] === value))
    .flatMap(({ walk, states, calls, answer }) => states.map((state) => `${walk}, ${state}, calls ${calls}: ${answer}`))
