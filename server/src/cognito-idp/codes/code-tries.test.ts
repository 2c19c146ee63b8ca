// Guesses at codes spread over many users, through the front door: how many of them are evaluated, and who can still use
// a code then. Every code is 123456 here.
import { beforeAll, describe, expect, it } from 'vitest'
import {
  engines,
  makeClient,
  makePool,
  PASSWORD,
  type RawAnswer,
  type TestServer,
  useTestServer,
} from '../../../test/harness.ts'
import { signUpUser } from '../../../test/sign-up.ts'

const DAY = 24 * 60 * 60 * 1000
const LIMIT = { __type: 'LimitExceededException', message: 'Attempt limit exceeded, please try after some time.' }
const env = {
  TRUSTED_PROXIES: '127.0.0.1',
  COGNOMEN_DEV_CODE: '123456',
  CODE_TRY_BUDGETS:
    'user 4/hour 8/day, address 3/hour 5/day, network 6/hour 6/day, destination 7/hour 7/day, pool 10/hour 10/day',
  EMAIL_BUDGETS: 'destination 0/hour 0/day',
}

/** Stops the clock a minute into a day (UTC), so that no window ends while a test runs. */
function startOfDay({ clock }: TestServer): void {
  clock.freeze()
  clock.advance(DAY - (clock.now() % DAY) + 60_000)
}

describe.each(engines)('tries at codes on %s', (engine) => {
  const server = useTestServer({ engine, env })
  beforeAll(() => startOfDay(server))

  /** A pool with unconfirmed users u0, u1 and so on, each with a code; `hiding`: the client hides who exists. */
  async function poolWith(users: number, { email, hiding = false }: { email?: string; hiding?: boolean } = {}) {
    const { Id } = await makePool(server, { AutoVerifiedAttributes: ['email'] })
    const settings = hiding ? ({ PreventUserExistenceErrors: 'ENABLED' } as const) : {}
    const { ClientId } = await makeClient(server, Id, settings)
    for (let i = 0; i < users; i++) await signUpUser(server, ClientId, `u${i}`, { email: email ?? `u${i}@example.org` })
    return ClientId
  }
  const confirm = (ClientId: string, user: number | string, code: string, address?: string): Promise<RawAnswer> =>
    server.raw(
      'ConfirmSignUp',
      { ClientId, Username: typeof user === 'string' ? user : `u${user}`, ConfirmationCode: code },
      address === undefined ? {} : { 'x-forwarded-for': address },
    )
  const guess = (ClientId: string, user: number | string, address?: string) =>
    confirm(ClientId, user, '000000', address)
  const evaluated = (answers: readonly RawAnswer[]) =>
    answers.filter(({ json }) => json.__type === 'CodeMismatchException').length

  it('from one address are as many as its budget, and right ones count for nothing', async () => {
    const client = await poolWith(8)
    const answers = []
    for (let user = 0; user < 5; user++) answers.push(await guess(client, user, '192.0.2.1'))
    expect(evaluated(answers)).toBe(3)
    expect(answers[3]?.json).toEqual(LIMIT)
    // The right code is refused as well: it is not evaluated.
    expect((await confirm(client, 0, '123456', '192.0.2.1')).json).toEqual(LIMIT)
    for (let user = 0; user < 5; user++) expect((await confirm(client, user, '123456', '192.0.2.2')).status).toBe(200)
    expect((await guess(client, 6, '192.0.2.2')).json.__type).toBe('CodeMismatchException')
  })

  it('from one address at once are no more', async () => {
    const client = await poolWith(12)
    const answers = await Promise.all(Array.from({ length: 12 }, (_, user) => guess(client, user, '192.0.2.11')))
    expect(evaluated(answers)).toBe(3)
  })

  it('from one /48 are as many as its budget', async () => {
    const client = await poolWith(9)
    const answers = []
    for (let user = 0; user < 9; user++) answers.push(await guess(client, user, `2001:db8:5:${user}::1`))
    expect(evaluated(answers)).toBe(6)
  })

  it('from many addresses are as many as the budget of the pool, and one for each address beyond it', async () => {
    const client = await poolWith(32)
    const answers: RawAnswer[] = []
    for (let round = 0; round < 2; round++)
      for (let address = 0; address < 16; address++)
        answers.push(await guess(client, 16 * round + address, `198.51.100.${address}`))
    // Ten that the pool allows, six first ones of further addresses, and no second one.
    expect(evaluated(answers)).toBe(16)
    // Whoever comes from elsewhere still uses a right code, also many behind one address.
    for (const user of [0, 1, 2]) expect((await confirm(client, user, '123456', '203.0.113.1')).status).toBe(200)
    expect((await guess(client, 3, '203.0.113.1')).json.__type).toBe('CodeMismatchException')
    expect((await confirm(client, 3, '123456', '203.0.113.1')).json).toEqual(LIMIT)
    // Where the client's address says nothing, there is no try beyond the budget; another pool has its own.
    expect((await confirm(client, 3, '123456')).json).toEqual(LIMIT)
    expect((await guess(await poolWith(1), 0)).json.__type).toBe('CodeMismatchException')
    server.clock.advance(DAY)
    expect((await confirm(client, 3, '123456', '203.0.113.1')).json.__type).toBe('ExpiredCodeException')
  })

  it('of one user are as many as its budget, whether the user exists or not', async () => {
    const client = await poolWith(1, { hiding: true })
    const resend = (Username: string) => server.raw('ResendConfirmationCode', { ClientId: client, Username })
    const tries = async (name: string) => {
      const answers = []
      for (let i = 0; i < 6; i++) {
        await resend(name)
        answers.push((await guess(client, name)).json)
      }
      return answers
    }
    const known = await tries('u0')
    expect(known.map(({ __type }) => __type)).toEqual([
      ...Array(4).fill('CodeMismatchException'),
      ...Array(2).fill('LimitExceededException'),
    ])
    expect(await tries('nobody')).toEqual(known)
  })

  it('at one destination are as many as its budget; a try beyond is answered as wrong, as of nobody', async () => {
    const client = await poolWith(9, { email: 'one@example.org', hiding: true })
    const answers = []
    for (let user = 0; user < 8; user++) answers.push(await guess(client, user))
    expect(evaluated(answers)).toBe(8)
    const beyond = await confirm(client, 8, '123456')
    expect(beyond.json).toEqual(answers[0]?.json)
    await server.raw('ResendConfirmationCode', { ClientId: client, Username: 'nobody' })
    expect((await guess(client, 'nobody')).json).toEqual(beyond.json)
  })

  it('that reset a password count as well', async () => {
    const client = await poolWith(6)
    for (let user = 0; user < 6; user++) expect((await confirm(client, user, '123456')).status).toBe(200)
    const answers = []
    for (let user = 0; user < 6; user++) {
      await server.raw('ForgotPassword', { ClientId: client, Username: `u${user}` })
      answers.push(
        await server.raw(
          'ConfirmForgotPassword',
          { ClientId: client, Username: `u${user}`, ConfirmationCode: '000000', Password: PASSWORD },
          { 'x-forwarded-for': '192.0.2.77' },
        ),
      )
    }
    expect(evaluated(answers)).toBe(3)
  })
})
