import { randomUUID } from 'node:crypto'
import {
  AdminConfirmSignUpCommand,
  AdminGetUserCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { engines, makeClient, makePool, makeUser, PASSWORD, useTestServer } from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import { runDue } from '../../../test/queue-runs.ts'
import { analyze, openTestDatabase, plansOf, readsInOrder } from '../../../test/statement-plans.ts'
import { createMetrics } from '../../metrics/metrics.ts'
import { insertPool } from '../user-pools/pool-store.ts'
import { newUser } from './new-user.ts'
import { findUnconfirmed, unconfirmedRemovals } from './unconfirmed-removal.ts'
import { insertUser } from './user-store.ts'

const log = pino({ level: 'silent' })
const DAY_MS = 24 * 60 * 60 * 1000

describe.each(engines)('UNCONFIRMED_USER_DAYS on %s', (engine) => {
  const server = useTestServer({ engine, env: { UNCONFIRMED_USER_DAYS: '7', FURTHER_REGIONS: 'eu-west-1' } })

  it('removes users who were never confirmed, with their names, and nobody else', async () => {
    const pools = [await makePool(server, { AutoVerifiedAttributes: ['email'] }), await makePool(server)]
    const signUp = async ({ Id }: { Id: string }, Username: string) => {
      const { ClientId } = await makeClient(server, Id)
      const UserAttributes = [{ Name: 'email', Value: `${Username}@example.com` }]
      await server.app.send(new SignUpCommand({ ClientId, Username, Password: PASSWORD, UserAttributes }))
      return ClientId
    }
    const there = async (UserPoolId: string, Username: string) =>
      server.admin.send(new AdminGetUserCommand({ UserPoolId, Username })).then(
        () => true,
        ({ name }) => (name === 'UserNotFoundException' ? false : name),
      )
    const [{ Id: first }, { Id: second }] = pools as [{ Id: string }, { Id: string }]
    await signUp({ Id: first }, 'forgotten')
    const ClientId = await signUp({ Id: first }, 'resent')
    await signUp({ Id: first }, 'confirmed')
    await server.admin.send(new AdminConfirmSignUpCommand({ UserPoolId: first, Username: 'confirmed' }))
    await makeUser(server, first, 'made', {})
    await signUp({ Id: second }, 'forgotten')
    server.clock.advance(6 * DAY_MS)
    await signUp({ Id: second }, 'young')
    await server.app.send(new ResendConfirmationCodeCommand({ ClientId, Username: 'resent' }))
    server.clock.advance(1.5 * DAY_MS)
    await vi.waitFor(
      async () => {
        expect([
          await there(first, 'forgotten'),
          await there(first, 'resent'),
          await there(second, 'forgotten'),
        ]).toEqual([false, false, false])
      },
      { timeout: 20_000, interval: 200 },
    )
    expect([await there(first, 'confirmed'), await there(first, 'made'), await there(second, 'young')]).toEqual([
      true,
      true,
      true,
    ])
    // The name is free again.
    await signUp({ Id: first }, 'forgotten')
    expect(await there(first, 'forgotten')).toBe(true)
    server.clock.advance(6 * DAY_MS)
    await vi.waitFor(async () => expect(await there(second, 'young')).toBe(false), { timeout: 20_000, interval: 200 })
    expect([await there(first, 'forgotten'), await there(first, 'made')]).toEqual([true, true])
  })

  it('reads one range of an index', async () => {
    const database = await openTestDatabase(engine)
    await analyze(database)
    const plans = await plansOf(database, (db) => findUnconfirmed(db, 'p', 5, 'a'))
    expect(plans).toHaveLength(1)
    expect(plans.every(readsInOrder)).toBe(true)
    await database.close()
  })
})

describe('a round', () => {
  const parts = useParts('sqlite')

  it.each([
    [0, 1],
    [5000, 1],
    [4999, 0],
  ])('with UNCONFIRMED_USER_DAYS %i leaves %i users of 4,999.5 days', async (unconfirmedUserDays, left) => {
    const now = parts.clock.now()
    const pool = { id: 'us-east-1_p', region: 'us-east-1', replicas: [], settings: { Name: 'p', SchemaAttributes: [] } }
    const times = { createdAt: now - 4999.5 * DAY_MS, updatedAt: now }
    await parts.db.deleteFrom('user_pools').execute()
    await insertPool(parts.db, { ...pool, ...times, version: 1 })
    const owner = { sub: randomUUID(), userPoolId: pool.id, username: `old-${unconfirmedUserDays}` }
    const user = newUser({ ...owner, status: 'UNCONFIRMED', attributes: {} }, times.createdAt)
    await insertUser(parts.db, { ...pool, ...times, version: 1 }, user)
    const metrics = createMetrics()
    const config = { regions: ['us-east-1'], unconfirmedUserDays }
    const context = {
      database: parts.database,
      clock: parts.clock,
      userCounts: { add: () => {} },
      log,
      metrics,
      config,
    }
    await runDue(parts, unconfirmedRemovals(context as never))
    const found = await parts.db.selectFrom('users').select('user_sub').where('user_sub', '=', owner.sub).execute()
    expect(found).toHaveLength(left)
    parts.clock.advance(DAY_MS)
  })
})
