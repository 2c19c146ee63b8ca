// What becomes of a call of a function, in each of the four ways: PreSignUp stands for all triggers.
import { createHmac } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Sha256 } from '@aws-crypto/sha256-js'
import {
  AdminGetUserCommand,
  SignUpCommand,
  type SignUpCommandInput,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { SignatureV4 } from '@smithy/signature-v4'
import { describe, expect, it, vi } from 'vitest'
import {
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  startTestServer,
  usePool,
  useTestServer,
} from '../../test/harness.ts'
import { arn, useTriggers, type Way, WEBHOOK_KEY, ways } from '../../test/triggers.ts'
import { limits } from './limits.ts'

const world = useTriggers()
const lines: string[] = []
const keys = { LAMBDA_ACCESS_KEY_ID: 'AKIALAMBDA', LAMBDA_SECRET_ACCESS_KEY: 'a-secret-for-lambda' }
const server = useTestServer({
  env: { ...world.env, ...keys, LOG_LEVEL: 'info' },
  triggers: world.triggers,
  logTo: { write: (line) => void lines.push(line) },
})
const pool = usePool(server, { pool: { AutoVerifiedAttributes: ['email'] } })

const name = (() => {
  let last = 0
  return () => `user${++last}`
})()
const setPreSignUp = (PreSignUp: string) =>
  server.admin.send(
    new UpdateUserPoolCommand({
      UserPoolId: pool.poolId,
      LambdaConfig: { PreSignUp },
      AutoVerifiedAttributes: ['email'],
    }),
  )
const signUp = (more: Partial<SignUpCommandInput> = {}) =>
  server.app.send(
    new SignUpCommand({
      ClientId: pool.clientId,
      Username: name(),
      Password: PASSWORD,
      UserAttributes: [{ Name: 'email', Value: `${name()}@example.com` }],
      ...more,
    }),
  )
const getUser = (Username: string) => server.admin.send(new AdminGetUserCommand({ UserPoolId: pool.poolId, Username }))
const events = (event: string) => lines.map((line) => JSON.parse(line)).filter((line) => line.event === event)

describe.each(ways)('a function by way of %s', (way: Way) => {
  it('gets the event of the reference, and its answer counts', async () => {
    await setPreSignUp(arn(way, 'answer'))
    world.forget()
    const Username = name()
    const { UserConfirmed } = await signUp({
      Username,
      ClientMetadata: { from: 'test' },
      ValidationData: [{ Name: 'captcha', Value: 'yes' }],
    })
    expect(UserConfirmed).toBe(true)
    const [event, ...more] = world.seen()
    expect(more).toEqual([])
    expect(event).toEqual({
      version: '1',
      region: 'us-east-1',
      userPoolId: pool.poolId,
      userName: Username,
      callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: pool.clientId },
      triggerSource: 'PreSignUp_SignUp',
      request: {
        userAttributes: { email: expect.stringMatching(/@example\.com$/) },
        validationData: { captcha: 'yes' },
        clientMetadata: { from: 'test' },
      },
      response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    })
    const user = await getUser(Username)
    expect(user.UserStatus).toBe('CONFIRMED')
    expect(user.UserAttributes).toContainEqual({ Name: 'email_verified', Value: 'true' })
  })

  it.each(['callback', 'done', 'succeed'])('may answer by %s', async (form) => {
    await setPreSignUp(arn(way, form))
    expect((await signUp()).UserConfirmed).toBe(true)
  })

  it.each([
    ['refuse', 'PreSignUp failed with error Domain not allowed.'],
    ['refuseByCallback', 'PreSignUp failed with error Not you.'],
    ['fail', 'PreSignUp failed with error Not by fail.'],
    [
      'large',
      `PreSignUp failed with error Response payload size exceeded maximum allowed payload size (${limits.answer.max} bytes).`,
    ],
  ])('that does %s refuses, and no user is made', async (what, message) => {
    await setPreSignUp(arn(way, what))
    const Username = name()
    await expectRefusal(signUp({ Username }), 'UserLambdaValidationException', message)
    await expectRefusal(getUser(Username), 'UserNotFoundException')
  })

  it.each([
    ['malformed', 'Unrecognizable lambda output'],
    ['withoutResponse', 'Unrecognizable lambda output'],
    ['nothing', 'Invalid lambda function output : Invalid JSON'],
  ])('whose answer is %s is told apart from a refusal', async (what, message) => {
    await setPreSignUp(arn(way, what))
    const Username = name()
    await expectRefusal(signUp({ Username }), 'InvalidLambdaResponseException', message)
    await expectRefusal(getUser(Username), 'UserNotFoundException')
  })
})

const newPool = async (PreSignUp: string) => {
  const { Id } = await makePool(server, { LambdaConfig: { PreSignUp } })
  const { ClientId } = await makeClient(server, Id)
  return { ClientId }
}
const UNEXPECTED = 'UnexpectedLambdaException'
const failedDueTo = (reason: string) => `PreSignUp invocation failed due to error ${reason}.`

it('a function that answers too late is asked three times, and then sign-ups fail', async () => {
  world.forget()
  await Promise.all(
    ways.map(async (way) =>
      expectRefusal(
        signUp(await newPool(arn(way, 'slow'))),
        UNEXPECTED,
        failedDueTo('Socket timeout while invoking Lambda function'),
      ),
    ),
  )
  expect(world.calls.filter(({ path }) => path.includes('lambda-slow'))).toHaveLength(3)
  const webhooks = world.calls.filter(({ headers }) => headers['cognomen-function'] === arn('webhook', 'slow'))
  expect(webhooks).toHaveLength(3)
  expect(new Set(webhooks.map(({ headers }) => headers['cognomen-id'])).size).toBe(1)
})

it.each([
  ['crash', 'PreSignUp failed with error Runtime exited with error: exit status 3.'],
  ['hog', 'PreSignUp failed with error Runtime exited with error: out of memory.'],
])('a module that does %s takes its thread along and nothing else', async (what, message) => {
  const place = await newPool(arn('module', what))
  await expectRefusal(signUp(place), 'UserLambdaValidationException', message)
  await expectRefusal(signUp(place), 'UserLambdaValidationException', message)
  expect((await signUp(await newPool(arn('module', 'answer')))).UserConfirmed).toBe(true)
})

it('an ARN that nobody has a place for is told', async () => {
  const place = await newPool('arn:aws:lambda:us-east-1:000000000000:function:elsewhere')
  await expectRefusal(signUp(place), UNEXPECTED, failedDueTo('ResourceNotFoundException'))
})

describe('a Lambda API', () => {
  it('gets a signature that AWS would accept', async () => {
    world.forget()
    await signUp(await newPool(arn('lambda', 'answer')))
    const [call] = world.calls as [(typeof world.calls)[number]]
    expect(call.path).toBe('/2015-03-31/functions/lambda-answer/invocations')
    expect(call.headers['x-amz-invocation-type']).toBe('RequestResponse')
    const { authorization = '', host = '', 'x-amz-date': date } = call.headers
    const signer = new SignatureV4({
      credentials: { accessKeyId: 'AKIALAMBDA', secretAccessKey: 'a-secret-for-lambda' },
      region: 'us-east-1',
      service: 'lambda',
      sha256: Sha256,
      applyChecksum: false,
    })
    const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? []
    const headers = Object.fromEntries(names.map((header) => [header, String(call.headers[header])]))
    const iso = String(date).replace(/^(....)(..)(..T..)(..)(..)Z$/, '$1-$2-$3:$4:$5Z')
    const request = { method: 'POST', protocol: 'http:', hostname: host, path: call.path, headers, body: call.body }
    const signed = await signer.sign(request, { signingDate: new Date(iso) })
    expect(authorization).toBe(signed.headers['authorization'])
  })

  it.each([
    [403, 'AccessDeniedException', 1],
    [429, 'TooManyRequestsException', 3],
    [500, 'ServiceException', 3],
  ])('that answers %d %s fails the sign-up after %d tries', async (status, error, tries) => {
    world.forget()
    world.instead = (_request, response) =>
      void response.writeHead(status, { 'x-amzn-errortype': `${error}:http://internal/` }).end('{}')
    try {
      await expectRefusal(signUp(await newPool(arn('lambda', `status${status}`))), UNEXPECTED, failedDueTo(error))
      expect(world.calls).toHaveLength(tries)
    } finally {
      world.instead = undefined
    }
  })
})

it.each([
  [
    'claims that are too deep to be signed',
    `{"response":{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToAddOrOverride":{"deep":${'['.repeat(60_000)}${']'.repeat(60_000)}}}}}}`,
  ],
  ['an answer that is too deep', `${'{"response":'.repeat(15_000)}1${'}'.repeat(15_000)}`],
])('a function whose answer holds %s has an unrecognizable one', async (_, answer) => {
  const PreTokenGenerationConfig = { LambdaArn: arn('webhook', 'deep'), LambdaVersion: 'V2_0' } as const
  const { Id } = await makePool(server, { LambdaConfig: { PreTokenGenerationConfig } })
  const { ClientId } = await makeClient(server, Id)
  await makeUser(server, Id, 'ada')
  world.instead = (_request, response) => void response.end(answer)
  try {
    await expectRefusal(
      signIn(server, ClientId, 'ada'),
      'InvalidLambdaResponseException',
      'Unrecognizable lambda output',
    )
  } finally {
    world.instead = undefined
  }
})

it('a webhook gets a signature over time, id and body', async () => {
  world.forget()
  await signUp(await newPool(arn('webhook', 'answer')))
  const [{ headers, body }] = world.calls as [(typeof world.calls)[number]]
  const [, time, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['cognomen-signature'])) ?? []
  const signed = createHmac('sha256', WEBHOOK_KEY).update(`${time}.${headers['cognomen-id']}.${body}`).digest('hex')
  expect(signature).toBe(signed)
  expect(Math.abs(Number(time) * 1000 - server.clock.now())).toBeLessThan(60_000)
})

it('a function that is away is left alone for a while, then asked once, and serves again', async () => {
  const away = await newPool(arn('lambda', 'away'))
  const other = await newPool(arn('lambda', 'answer'))
  world.forget()
  const isAway = (path = '') => path.includes('lambda-away')
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (isAway(request.url)) request.socket.destroy()
    else response.end(JSON.stringify({ response: { autoConfirmUser: true } }))
  }
  world.instead = answer
  lines.length = 0
  const asked = () => world.calls.filter(({ path }) => isAway(path)).length
  try {
    await expectRefusal(signUp(away), UNEXPECTED)
    await expectRefusal(signUp(away), UNEXPECTED)
    expect(asked()).toBe(limits.failuresInARow.max)
    await expectRefusal(signUp(away), UNEXPECTED, failedDueTo('FunctionUnavailable'))
    expect(asked()).toBe(limits.failuresInARow.max)
    expect((await signUp(other)).UserConfirmed).toBe(true)
    server.clock.advance(limits.pause.max)
    await expectRefusal(signUp(away), UNEXPECTED)
    expect(asked()).toBe(limits.failuresInARow.max + 1)
    await expectRefusal(signUp(away), UNEXPECTED, failedDueTo('FunctionUnavailable'))
    world.instead = (_request, response) => void response.end(JSON.stringify({ response: { autoConfirmUser: true } }))
    server.clock.advance(limits.pause.max)
    expect((await signUp(away)).UserConfirmed).toBe(true)
    expect((await signUp(away)).UserConfirmed).toBe(true)
    expect(events('function-away')).toHaveLength(1)
    expect(events('function-back')).toHaveLength(1)
  } finally {
    world.instead = undefined
  }
})

it.each([
  ['webhook', 400],
  ['webhook', 401],
  ['webhook', 404],
  ['webhook', 429],
  ['webhook', 500],
  ['lambda', 413],
  ['lambda', 500],
] as const)('a %s that answers %d for one user stays open to the others', async (way, status) => {
  const place = await newPool(arn(way, `for-one-${status}`))
  world.instead = (_request, response) => {
    if (world.calls.at(-1)?.body.includes('"userName":"unlucky')) response.writeHead(status).end('{}')
    else response.end(JSON.stringify({ response: { autoConfirmUser: true } }))
  }
  try {
    for (let i = 0; i <= limits.failuresInARow.max; i++)
      await expectRefusal(signUp({ ...place, Username: `unlucky${i}` }), UNEXPECTED, failedDueTo(`HTTP${status}`))
    expect((await signUp({ ...place, Username: name() })).UserConfirmed).toBe(true)
  } finally {
    world.instead = undefined
  }
})

it.each([408, 502, 503, 504])('a webhook behind a proxy that answers %d is away', async (status) => {
  const place = await newPool(arn('webhook', `away-${status}`))
  world.instead = (_request, response) => void response.writeHead(status).end()
  try {
    for (let i = 0; i < 2; i++) await expectRefusal(signUp(place), UNEXPECTED)
    await expectRefusal(signUp(place), UNEXPECTED, failedDueTo('FunctionUnavailable'))
  } finally {
    world.instead = undefined
  }
})

it('calls that wait for functions hold no slot for costly work: users of others sign up meanwhile', async () => {
  const held: ServerResponse[] = []
  world.instead = (request, response) => {
    if (request.url?.includes('lambda-held')) held.push(response)
    else response.end(JSON.stringify({ response: { autoConfirmUser: true } }))
  }
  try {
    // Far more than there are slots; each function has as many calls under way as it may have.
    const slow = await Promise.all(['held1', 'held2', 'held3'].map((what) => newPool(arn('lambda', what))))
    const each = limits.callsAtOnce.max
    const waiting = slow.flatMap((place) =>
      Array.from({ length: each }, () => server.raw('SignUp', { ...place, Username: name(), Password: PASSWORD })),
    )
    await vi.waitFor(() => expect(held).toHaveLength(3 * each), 10_000)
    expect((await signUp(await newPool(arn('lambda', 'answer')))).UserConfirmed).toBe(true)
    expect((await signUp(await newPool(arn('module', 'answer')))).UserConfirmed).toBe(true)
    for (const response of held.splice(0)) response.end(JSON.stringify({ response: { autoConfirmUser: true } }))
    const confirmed = await Promise.all(waiting)
    expect(confirmed.every(({ json }) => json.UserConfirmed === true)).toBe(true)
  } finally {
    for (const response of held) response.destroy()
    world.instead = undefined
  }
})

it('guesses at one name that a slow UserMigration judges hold no slot either', async () => {
  const held: ServerResponse[] = []
  world.instead = (_request, response) => void held.push(response)
  const { Id } = await makePool(server, { LambdaConfig: { UserMigration: arn('lambda', 'held') } })
  const { ClientId } = await makeClient(server, Id)
  const { Id: other } = await makePool(server)
  const { ClientId: otherClient } = await makeClient(server, other)
  await makeUser(server, other, 'ada')
  try {
    // More than there are slots.
    const guesses = Array.from({ length: 90 }, (_, i) => {
      const AuthParameters = { USERNAME: `ghost${i % 3}`, PASSWORD }
      return server.raw('InitiateAuth', { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
    })
    await vi.waitFor(() => expect(held.length).toBeGreaterThanOrEqual(3), 10_000)
    expect((await signIn(server, otherClient, 'ada')).AccessToken).toBeDefined()
    for (const response of held) response.end(JSON.stringify({ response: {} }))
    await Promise.all(guesses)
  } finally {
    for (const response of held) response.destroy()
    world.instead = undefined
  }
})

it('the log has a line for each call, with nothing of what was said', async () => {
  lines.length = 0
  const metadata = { secret: 'canary' }
  await signUp({ ...(await newPool(arn('module', 'answer'))), ClientMetadata: metadata })
  await signUp({ ...(await newPool(arn('module', 'refuse'))), ClientMetadata: metadata }).catch(() => undefined)
  expect(events('trigger-called')).toMatchObject([
    { trigger: 'PreSignUp', source: 'PreSignUp_SignUp', arn: arn('module', 'answer'), outcome: 'answered' },
    { trigger: 'PreSignUp', source: 'PreSignUp_SignUp', arn: arn('module', 'refuse'), outcome: 'threw' },
  ])
  expect(lines.join('')).not.toMatch(/canary|Passw0rd|Domain not allowed|example\.com/)
})

it('a module is loaded anew when its file has changed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'module-'))
  const file = join(folder, 'triggers.json')
  const [module, name] = [join(folder, 'one.mjs'), 'arn:aws:lambda:us-east-1:000000000000:function:one']
  const write = (confirms: boolean) =>
    writeFileSync(
      module,
      `export const handler = async (event) => ({ ...event, response: { autoConfirmUser: ${confirms} } })`,
    )
  writeFileSync(file, JSON.stringify({ [name]: { module: './one.mjs' } }))
  write(true)
  const own = await startTestServer({ env: { TRIGGERS_FILE: file } })
  try {
    const { Id } = await makePool(own, { LambdaConfig: { PreSignUp: name } })
    const { ClientId } = await makeClient(own, Id)
    const confirmed = async (Username: string) =>
      (await own.app.send(new SignUpCommand({ ClientId, Username, Password: PASSWORD }))).UserConfirmed
    expect(await confirmed('one')).toBe(true)
    expect(await confirmed('two')).toBe(true)
    write(false)
    expect(await confirmed('three')).toBe(false)
    // Users are not told where it is, and what it needs.
    writeFileSync(module, "import './missing.mjs'")
    await expectRefusal(
      confirmed('four'),
      'UserLambdaValidationException',
      'PreSignUp failed with error Runtime.ImportModuleError: the module cannot be loaded.',
    )
  } finally {
    await own.stop()
  }
})
