// Budgets of messages through the front door: what strangers and users can cause to be sent.

import { randomBytes } from 'node:crypto'
import {
  AdminCreateUserCommand,
  AdminUpdateUserAttributesCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  type RawAnswer,
  signIn,
  startTestServer,
  type TestServer,
  useTestServer,
} from '../../test/harness.ts'
import { postgresUrl } from '../../test/postgres.ts'

const LIMIT = 'Attempt limit exceeded, please try after some time.'
const TRUSTED_PROXIES = '127.0.0.1'

const signUpFrom = (server: TestServer, ClientId: string, address: string, name: string, attributes: object) =>
  server.raw(
    'SignUp',
    {
      ClientId,
      Username: name,
      Password: PASSWORD,
      UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    },
    { 'x-forwarded-for': address },
  )

/** How many calls the budgets let through, and how many they refused. */
function tally(answers: readonly RawAnswer[]): { admitted: number; refused: number } {
  const refused = answers.filter(({ json }) => json.__type === 'LimitExceededException')
  for (const { json } of answers) expect([undefined, 'LimitExceededException']).toContain(json.__type)
  return { admitted: answers.length - refused.length, refused: refused.length }
}
const succeeded = (answers: readonly RawAnswer[]): number => answers.filter(({ status }) => status === 200).length

/** Runs `count` calls, eight at a time. */
async function many<T>(count: number, call: (i: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let i = 0; i < count; i += 8)
    results.push(...(await Promise.all(Array.from({ length: Math.min(8, count - i) }, (_, j) => call(i + j)))))
  return results
}

const poolOf = async (server: TestServer, attribute: 'email' | 'phone_number', settings = {}) => {
  const { Id } = await makePool(server, { AutoVerifiedAttributes: [attribute] })
  return { poolId: Id, clientId: (await makeClient(server, Id, settings)).ClientId }
}

/** Stops the clock a minute into a day (UTC), so that no window ends while a test runs. */
function startOfDay({ clock }: TestServer): void {
  clock.freeze()
  clock.advance(DAY - (clock.now() % DAY) + 60_000)
}
const DAY = 24 * 60 * 60 * 1000

const sentTo = async (server: TestServer): Promise<string[]> => (await server.outbox.messages(1000)).map(({ to }) => to)

describe('strangers', () => {
  const server = useTestServer({ env: { TRUSTED_PROXIES } })
  beforeAll(() => startOfDay(server))

  it('cause no more SMS from one address than its budget: 3,000 sign-ups with 3,000 numbers', async () => {
    const { clientId } = await poolOf(server, 'phone_number')
    const outcomes = await many(3000, (i) =>
      // Every number in a block of its own.
      signUpFrom(server, clientId, '192.0.2.1', `pump-${i}`, {
        phone_number: `+4915${String(i).padStart(4, '0')}0000`,
      }),
    )
    expect(tally(outcomes)).toEqual({ admitted: 60, refused: 2940 })
    expect(outcomes.at(-1)?.json).toMatchObject({ __type: 'LimitExceededException', message: LIMIT })
    expect((await sentTo(server)).filter((to) => to.startsWith('+4915'))).toHaveLength(succeeded(outcomes))
    // Nothing is left of who was refused, and others go on.
    expect(
      (await signUpFrom(server, clientId, '192.0.2.2', 'pump-2999', { phone_number: '+491512345678' })).status,
    ).toBe(200)
  })

  it('fill no mailbox by what follows a + in its name: 300 sign-ups from 300 addresses', async () => {
    const { clientId } = await poolOf(server, 'email')
    const outcomes = await many(300, (i) =>
      signUpFrom(server, clientId, `198.51.100.${i % 250}`, `bomb-${i}`, { email: `Victim+${i}@example.net` }),
    )
    expect(tally(outcomes)).toEqual({ admitted: 20, refused: 280 })
    expect((await sentTo(server)).filter((to) => /^victim/i.test(to))).toHaveLength(succeeded(outcomes))
  })

  it('cause no more SMS to one block of numbers than its budget, from however many addresses', async () => {
    const { clientId } = await poolOf(server, 'phone_number')
    const outcomes = await many(60, (i) =>
      signUpFrom(server, clientId, `203.0.113.${i}`, `block-${i}`, { phone_number: `+252611${1000 + i}` }),
    )
    expect(tally(outcomes)).toEqual({ admitted: 20, refused: 40 })
  })

  it('share the budget of their /48, and have one of their /64', async () => {
    const { clientId } = await poolOf(server, 'phone_number')
    const outcomes = await many(200, (i) =>
      signUpFrom(server, clientId, `2001:db8:7:${(i % 8).toString(16)}::${i}`, `site-${i}`, {
        phone_number: `+4916${String(i).padStart(4, '0')}0000`,
      }),
    )
    expect(tally(outcomes)).toEqual({ admitted: 120, refused: 80 })
    const next = await many(100, (i) =>
      signUpFrom(server, clientId, `2001:db8:8:1::${i}`, `host-${i}`, { phone_number: `+4917${1000 + i}0000` }),
    )
    expect(tally(next)).toEqual({ admitted: 60, refused: 40 })
  })

  it('have budgets again in the next hour, but not more than those of a day', async () => {
    const { clientId } = await poolOf(server, 'phone_number')
    startOfDay(server)
    const sent: number[] = []
    for (let hour = 0; hour < 5; hour++) {
      const number = (i: number) => `+4930${hour}${String(i).padStart(3, '0')}0000`
      const outcomes = await many(70, (i) =>
        signUpFrom(server, clientId, '192.0.2.9', `day-${hour}-${i}`, { phone_number: number(i) }),
      )
      sent.push(tally(outcomes).admitted)
      server.clock.advance(60 * 60 * 1000)
    }
    expect(sent).toEqual([60, 60, 60, 20, 0])
  })
})

describe('settings', () => {
  const env = {
    TRUSTED_PROXIES,
    SMS_BUDGETS: 'pool 3/hour 3/day, country 2/hour 2/day',
    EMAIL_BUDGETS: 'address 2/hour 2/day',
    SMS_COUNTRIES: 'DE, AT',
  }
  const server = useTestServer({ env })
  beforeAll(() => startOfDay(server))

  it('change the budgets: a country and a pool', async () => {
    const { clientId } = await poolOf(server, 'phone_number')
    const outcomes = []
    for (const [i, number] of ['+491511', '+491512', '+491513', '+43660', '+43661'].entries())
      outcomes.push(
        await signUpFrom(server, clientId, `192.0.2.${i}`, `few-${i}`, { phone_number: `${number}1110000` }),
      )
    expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 400, 400, 400])
    // The third was one too many for its country and counted for the pool, whose budget was spent with it.
    const other = await poolOf(server, 'phone_number')
    expect(
      (await signUpFrom(server, other.clientId, '192.0.2.7', 'few', { phone_number: '+436601110000' })).status,
    ).toBe(200)
  })

  it('keep SMS from other countries, and nobody is stored', async () => {
    const { poolId, clientId } = await poolOf(server, 'phone_number')
    for (const phone_number of ['+18765550100', '+252611234567', '+8816123456']) {
      const { json } = await signUpFrom(server, clientId, '192.0.2.8', 'far', { phone_number })
      expect(json).toMatchObject({
        __type: 'CodeDeliveryFailureException',
        message: 'SMS is not sent to the country of this phone number: SMS_COUNTRIES does not list it.',
      })
    }
    const far = { UserPoolId: poolId, Username: 'far' }
    const UserAttributes = [{ Name: 'phone_number', Value: '+18765550100' }]
    await expectRefusal(
      server.admin.send(new AdminCreateUserCommand({ ...far, UserAttributes })),
      'CodeDeliveryFailureException',
    )
    await makeUser(server, poolId, 'far')
    await expectRefusal(
      server.admin.send(new AdminUpdateUserAttributesCommand({ ...far, UserAttributes })),
      'InvalidSmsRoleAccessPolicyException',
    )
    expect((await signUpFrom(server, clientId, '192.0.2.8', 'near', { phone_number: '+43660111000' })).status).toBe(200)
  })

  it('do not limit administrators', async () => {
    const { poolId } = await poolOf(server, 'email')
    for (let i = 0; i < 5; i++)
      await server.admin.send(
        new AdminCreateUserCommand({
          UserPoolId: poolId,
          Username: `invited-${i}`,
          DesiredDeliveryMediums: ['EMAIL'],
          UserAttributes: [{ Name: 'email', Value: 'one@example.org' }],
        }),
      )
    expect((await sentTo(server)).filter((to) => to === 'one@example.org')).toHaveLength(5)
  })

  it('answer TooManyRequestsException where the operation declares no other', async () => {
    const { poolId, clientId } = await poolOf(server, 'email')
    await makeUser(server, poolId, 'eve')
    const { AccessToken } = await signIn(server, clientId, 'eve')
    const change = (i: number) =>
      server.raw(
        'UpdateUserAttributes',
        { AccessToken, UserAttributes: [{ Name: 'email', Value: `eve${i}@example.org` }] },
        { 'x-forwarded-for': '192.0.2.33' },
      )
    for (let i = 0; i < 2; i++) expect((await change(i)).status).toBe(200)
    expect((await change(2)).json).toMatchObject({ __type: 'TooManyRequestsException', message: LIMIT })
    // Loopback has no limit by address.
    await server.app.send(
      new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name: 'email', Value: 'eve3@example.org' }] }),
    )
  })
})

describe('a client that hides who exists', () => {
  const env = { TRUSTED_PROXIES, EMAIL_BUDGETS: 'destination 3/hour 3/day, address 4/hour 4/day' }
  const logged: string[] = []
  const server = useTestServer({
    env: { ...env, LOG_LEVEL: 'info' },
    logTo: { write: (line) => void logged.push(line) },
  })
  beforeAll(() => startOfDay(server))
  const hiding = { PreventUserExistenceErrors: 'ENABLED' } as const
  const bodyOf = ({ json }: { json: object }) => JSON.stringify(json)

  it('is answered the same when the budget of the destination is spent, and nothing is sent', async () => {
    const { poolId, clientId } = await poolOf(server, 'email', hiding)
    const told = (await makeClient(server, poolId)).ClientId
    const email = 'shared@example.org'
    for (const name of ['ann', 'bob']) await makeUser(server, poolId, name, { email, email_verified: 'true' })
    const forgot = (Username: string, ClientId = clientId) => server.raw('ForgotPassword', { ClientId, Username })
    const answers = []
    for (const name of ['ann', 'ann', 'ann', 'bob', 'bob']) answers.push(await forgot(name))
    expect(new Set(answers.map(bodyOf)).size).toBe(1)
    expect(answers[4]?.json).toMatchObject({ CodeDeliveryDetails: { Destination: 's***@e***' } })
    expect((await sentTo(server)).filter((to) => to === email)).toHaveLength(3)
    // A try is answered like one at the code of a name that nobody has.
    await forgot('nobody')
    const confirm = (Username: string) =>
      server.raw('ConfirmForgotPassword', {
        ClientId: clientId,
        Username,
        ConfirmationCode: '000000',
        Password: PASSWORD,
      })
    expect(bodyOf(await confirm('bob'))).toBe(bodyOf(await confirm('nobody')))
    // A client that hides nothing is told.
    expect((await forgot('bob', told)).json).toMatchObject({ __type: 'LimitExceededException', message: LIMIT })
    expect(logged.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ event: 'budget-spent', pool: poolId, what: 'EMAIL', budget: 'destination' }),
    )
  })

  it('counts for an address what is only simulated, too', async () => {
    const { poolId, clientId } = await poolOf(server, 'email', hiding)
    await makeUser(server, poolId, 'known', { email: 'known@example.org', email_verified: 'true' })
    const spend = async (address: string, name: string) => {
      const outcomes = []
      for (let i = 0; i < 5; i++)
        outcomes.push(
          await server.raw('ForgotPassword', { ClientId: clientId, Username: name }, { 'x-forwarded-for': address }),
        )
      return outcomes.map(({ status, json }) => `${status} ${json.__type ?? ''}`)
    }
    const known = await spend('192.0.2.51', 'known')
    expect(known).toEqual(['200 ', '200 ', '200 ', '200 ', '400 LimitExceededException'])
    expect(await spend('192.0.2.52', 'unknown')).toEqual(known)
  })
})

it('budgets are shared by two processes on one database', async () => {
  const env = {
    TRUSTED_PROXIES,
    EMAIL_BUDGETS: 'address 10/hour 10/day',
    DATABASE_URL: await postgresUrl(),
    DATABASE_CONNECTIONS: '4',
    COGNOMEN_MASTER_KEY: randomBytes(32).toString('base64'),
  }
  const one = await startTestServer({ env })
  const two = await startTestServer({ env })
  for (const server of [one, two]) startOfDay(server)
  try {
    const { clientId } = await poolOf(one, 'email')
    const outcomes = await many(40, (i) =>
      signUpFrom(i % 2 ? one : two, clientId, '192.0.2.1', `both-${i}`, { email: `both-${i}@example.org` }),
    )
    expect(tally(outcomes)).toEqual({ admitted: 10, refused: 30 })
  } finally {
    await two.stop()
    await one.stop()
  }
})
