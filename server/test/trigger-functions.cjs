// The functions that the tests of triggers call, by the second part of their name (`module-refuse` is `refuse`), whatever
// way leads to them. Each notes what it was asked: in a worker thread in a file, here in `seen`.
const { appendFileSync } = require('node:fs')

const seen = []
const note = (event) => {
  if (process.env.TRIGGER_NOTES) appendFileSync(process.env.TRIGGER_NOTES, `${JSON.stringify(event)}\n`)
  else seen.push(event)
}

/** The answer of each trigger, by the first part of its source. */
const answers = {
  PreSignUp: () => ({ autoConfirmUser: true, autoVerifyEmail: true }),
  CustomMessage: () => ({
    smsMessage: 'Custom {####} {username}',
    emailMessage: 'Custom <b>{####}</b> for {username}',
    emailSubject: 'Custom subject',
  }),
  // At a sign-in the user comes over with one password; a forgotten one needs none.
  UserMigration: ({ userName, request }) =>
    request.password === undefined || request.password === 'Passw0rd!x'
      ? {
          userAttributes: { email: `${userName}@example.com`, email_verified: 'true' },
          messageAction: 'SUPPRESS',
          finalUserStatus: request.password && 'CONFIRMED',
        }
      : {},
  DefineAuthChallenge: ({ request: { session } }) =>
    session.at(-1)?.challengeResult ? { issueTokens: true } : { challengeName: 'CUSTOM_CHALLENGE' },
  CreateAuthChallenge: () => ({
    publicChallengeParameters: { hint: 'a word' },
    privateChallengeParameters: { answer: 'sesame' },
    challengeMetadata: 'WORD',
  }),
  VerifyAuthChallengeResponse: ({ request }) => ({
    answerCorrect: request.challengeAnswer === request.privateChallengeParameters.answer,
  }),
  TokenGeneration: ({ version }) => {
    const claims = { claimsToAddOrOverride: { tier: 'gold', sub: 'forged' }, claimsToSuppress: ['email'] }
    const groupOverrideDetails = { groupsToOverride: ['given'], preferredRole: 'arn:aws:iam::0:role/given' }
    if (version === '1') return { claimsOverrideDetails: { ...claims, groupOverrideDetails } }
    const accessTokenGeneration = {
      claimsToAddOrOverride: { tenant: { id: 7 }, scope: 'forged', client_id: 'forged' },
      scopesToAdd: ['api/read', 'aws.cognito.forged', 'two words'],
      scopesToSuppress: ['aws.cognito.signin.user.admin'],
    }
    return { claimsAndScopeOverrideDetails: { idTokenGeneration: claims, accessTokenGeneration, groupOverrideDetails } }
  },
}

const functions = {
  /** The usual answer of the trigger, by a promise. */
  async answer(event) {
    note(event)
    return { ...event, response: { ...event.response, ...answers[event.triggerSource.split('_')[0]]?.(event) } }
  },
  callback(event, _context, callback) {
    callback(null, { ...event, response: { autoConfirmUser: true } })
  },
  done(event, context) {
    context.done(null, { ...event, response: { autoConfirmUser: true } })
  },
  succeed(event, context) {
    context.succeed({ ...event, response: { autoConfirmUser: true } })
  },
  fail(_event, context) {
    context.fail(new Error('Not by fail'))
  },
  /** The event as it came. */
  async echo(event) {
    note(event)
    return event
  },
  async refuse() {
    throw new Error('Domain not allowed')
  },
  refuseByCallback(_event, _context, callback) {
    callback('Not you')
  },
  async crash() {
    process.exit(3)
  },
  async malformed(event) {
    return { ...event, response: { autoConfirmUser: 'yes', emailMessage: 1, claimsOverrideDetails: 'none' } }
  },
  async withoutResponse() {
    return { autoConfirmUser: true }
  },
  async nothing() {},
  async large(event) {
    return { ...event, response: { autoConfirmUser: true, more: 'x'.repeat(300 * 1024) } }
  },
  /** A SyncTrigger that changes, adds, removes and leaves out records. */
  async sync(event) {
    note(event)
    const { level, ignored, ...others } = event.datasetRecords
    const records = { ...others, badge: { newValue: 'gold', op: 'replace' }, old: null }
    if (level) records.level = { ...level, newValue: `${level.newValue}!`, op: 'replace' }
    return { ...event, datasetRecords: records }
  },
  /** One that adds a record which is too large for its dataset. */
  async syncTooMuch(event) {
    return {
      ...event,
      datasetRecords: { more: { newValue: 'x'.repeat(1_000_000), op: 'replace' }, ...event.datasetRecords },
    }
  },
  /** One that answers for another dataset. */
  async syncOther(event) {
    return { ...event, datasetName: 'other' }
  },
  slow: () => new Promise(() => {}),
  async hog() {
    const kept = []
    for (;;) kept.push(new Array(10_000).fill(Math.random()))
  },
}

const behaviourOf = (name) => functions[name.split('-')[1]] ?? functions.answer

exports.seen = seen
exports.handler = (event, context, callback) => behaviourOf(context.functionName)(event, context, callback)
