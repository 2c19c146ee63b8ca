// Sign-ins that fail at many names from one address (docs/behaviour/threat-protection.md).
import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { sqlOf } from '../../test/executed-statements.ts'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  type TestPool,
  useTestServer,
} from '../../test/harness.ts'
import { openTestDatabase } from '../../test/statement-plans.ts'
import { CHROME, ENFORCED, eventsOf, HOME, signInFrom } from '../../test/threats.ts'
import { createSealer } from '../crypto/seal.ts'
import { createFailingAddresses } from './failing-addresses.ts'
import { limits } from './limits.ts'

const MAX = limits.namesFailed.max
const DAY = 24 * 60 * 60 * 1000
const wrong = { password: 'Wrong-1-password' }
const BLOCKED = 'Unable to login because of security reasons.'

describe.each(engines)('an address where sign-ins fail (%s)', (engine) => {
  const server = useTestServer({ engine, env: { UNLIMITED_ADDRESSES: '198.51.100.200' } })
  // Names are counted by the day: the test begins with one.
  beforeAll(() => server.clock.advance(DAY - (server.clock.now() % DAY)))
  const makeProtected = async (): Promise<TestPool> => {
    const { Id: poolId } = await makePool(server, ENFORCED)
    const { ClientId: clientId } = await makeClient(server, poolId)
    await makeUser(server, poolId, 'ann')
    await signInFrom(server, { poolId, clientId }, HOME)
    server.clock.advance(60_000)
    return { poolId, clientId }
  }
  /** Wrong passwords at so many names, of which one has a user. */
  const fail = async (at: TestPool, address: string, names: number, from = 0): Promise<void> => {
    for (let n = from; n < from + names; n++)
      await signInFrom(server, at, { address }, { username: n === 0 ? 'ann' : `nobody-${n}`, ...wrong }).catch(
        () => undefined,
      )
  }
  const riskFrom = async (at: TestPool, address: string) => {
    server.clock.advance(1000)
    await signInFrom(server, at, { address, userAgent: CHROME }).catch(() => undefined)
    return (await eventsOf(server, at.poolId))[0]?.EventRisk
  }

  it('is a risk beyond so many names, whoever has them, until the next day', async () => {
    const pool = await makeProtected()
    const address = '203.0.113.77'
    await fail(pool, address, MAX)
    // A name that fails again, and a sign-in that succeeds, change nothing.
    await fail(pool, address, 3)
    expect(await riskFrom(pool, '198.51.100.7')).toMatchObject({ RiskLevel: 'Medium' })
    const before = await makeProtected()
    expect(await riskFrom(before, address)).toMatchObject({ RiskLevel: 'Medium' })
    await fail(pool, address, 1, MAX)
    const after = await makeProtected()
    await expectRefusal(signInFrom(server, after, { address, userAgent: CHROME }), 'NotAuthorizedException', BLOCKED)
    expect(await riskFrom(after, '203.0.113.78')).toMatchObject({ RiskLevel: 'Medium' })
    server.clock.advance(DAY)
    expect(await riskFrom(await makeProtected(), address)).toMatchObject({ RiskLevel: 'Medium' })
  })

  it('of UNLIMITED_ADDRESSES is none: it speaks for many', async () => {
    const pool = await makeProtected()
    await fail(pool, '198.51.100.200', MAX + 1)
    expect(await riskFrom(await makeProtected(), '198.51.100.200')).toMatchObject({ RiskLevel: 'Medium' })
  })

  it('costs a sign-in that succeeds no statement, and a pool without threat protection nothing', async () => {
    const pool = await makeProtected()
    const budgetsIn = async (work: () => Promise<unknown>) =>
      (await sqlOf(() => work().catch(() => undefined))).filter((sql) => sql.startsWith('insert into "budgets"')).length
    const address = '203.0.113.99'
    const at = (username: string) => () => signInFrom(server, pool, { address }, { username, ...wrong })
    expect(await budgetsIn(at('ann'))).toBe(2)
    expect(await budgetsIn(at('ann'))).toBe(1)
    // The same for a name that nobody has.
    expect(await budgetsIn(at('nobody'))).toBe(2)
    expect(await budgetsIn(at('nobody'))).toBe(1)
    expect(await budgetsIn(() => signInFrom(server, pool, HOME))).toBe(0)
    const { Id: poolId } = await makePool(server)
    const { ClientId: clientId } = await makeClient(server, poolId)
    const bare = { poolId, clientId }
    expect(await budgetsIn(() => signInFrom(server, bare, { address }, { username: 'nobody', ...wrong }))).toBe(0)
  })
})

it.each(engines)('processes count together, and each knows by its own next failure (%s)', async (engine) => {
  const database = await openTestDatabase(engine)
  try {
    const sealer = createSealer({ current: randomBytes(32) })
    const parts = { database, sealer, clock: { now: () => 20_000 * DAY } }
    const config = { unlimitedAddresses: { empty: true, has: () => false } }
    const [one, other] = [createFailingAddresses(parts, config), createFailingAddresses(parts, config)]
    const address = '2001:db8:1:2::3'
    for (let n = 0; n < MAX; n++) await (n % 2 ? one : other).count(address, 'pool', `name-${n}`)
    expect([one.has(address), other.has(address)]).toEqual([false, false])
    // Of the same /64.
    await one.count('2001:db8:1:2::ffff', 'another pool', 'name-0')
    await other.count(address, 'pool', 'one more')
    expect([one.has(address), other.has('2001:db8:1:2::9')]).toEqual([true, true])
    expect([one.has('2001:db8:1:3::3'), one.has(undefined)]).toEqual([false, false])
  } finally {
    await database.close()
  }
})
