import {
  DescribeIdentityCommand,
  GetCredentialsForIdentityCommand,
  GetOpenIdTokenCommand,
} from '@aws-sdk/client-cognito-identity'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { engines, useTestServer } from '../../../test/harness.ts'
import { type IdentityWorld, useIdentityWorld } from '../../../test/identity-world.ts'
import { useParts } from '../../../test/parts.ts'
import { runDue } from '../../../test/queue-runs.ts'
import { createUsageCounts } from '../../datasets/usage-counts.ts'
import { createLastUsed } from '../../iam/last-used.ts'
import { insertIdentityPool } from '../identity-pools/pool-store.ts'
import { guestRemovals } from './guest-removal.ts'
import { insertIdentity, listIdentities } from './identity-store.ts'

const DAY_MS = 24 * 60 * 60 * 1000

describe('UNUSED_GUEST_DAYS', () => {
  const server = useTestServer({ env: { UNUSED_GUEST_DAYS: '30' } })
  const world: IdentityWorld = useIdentityWorld(server)

  it('removes the identities of guests whom nobody saw for that long, and no others', async () => {
    const classic = await world.makePool({ AllowUnauthenticatedIdentities: true, AllowClassicFlow: true })
    const [unused, credentials, login] = await Promise.all([
      world.getId(),
      world.getId(),
      world.getId(await world.loginsOf('ann')),
    ])
    const token = await world.getId(undefined, classic)
    const there = async (IdentityId: string) =>
      world.admin.send(new DescribeIdentityCommand({ IdentityId })).then(
        () => true,
        ({ name }) => (name === 'ResourceNotFoundException' ? false : name),
      )
    server.clock.advance(20 * DAY_MS)
    await world.app.send(new GetCredentialsForIdentityCommand({ IdentityId: credentials }))
    await world.app.send(new GetOpenIdTokenCommand({ IdentityId: token }))
    server.clock.advance(20 * DAY_MS)
    await vi.waitFor(async () => expect(await there(unused)).toBe(false), { timeout: 20_000, interval: 200 })
    server.clock.advance(DAY_MS)
    const fresh = await world.getId()
    server.clock.advance(15 * DAY_MS)
    await vi.waitFor(async () => expect([await there(credentials), await there(token)]).toEqual([false, false]), {
      timeout: 20_000,
      interval: 200,
    })
    expect([await there(login), await there(fresh)]).toEqual([true, true])
  })
})

describe.each(engines)('a round over guests on %s', (engine) => {
  const parts = useParts(engine)

  it('waits until uses were noted for long enough, and counts from anew when the setting was off', async () => {
    const { db, database, clock } = parts
    const settings = { IdentityPoolName: 'x', AllowUnauthenticatedIdentities: true }
    await insertIdentityPool(db, { id: 'p', region: 'us-east-1', settings, createdAt: 1, updatedAt: 1, version: 1 })
    const id = (i: number) => `p:${String(i).padStart(3, '0')}`
    for (let i = 0; i < 450; i++) await insertIdentity(db, { id: id(i), poolId: 'p', logins: [] }, 1)
    const lastUsed = createLastUsed(database, clock)
    const log = pino({ level: 'silent' })
    const round = async (unusedGuestDays: number) => {
      await runDue(
        parts,
        guestRemovals({
          database,
          clock,
          lastUsed,
          datasetUsage: createUsageCounts(database),
          log,
          config: { regions: ['us-east-1'], unusedGuestDays },
        }),
      )
      clock.advance(10 * DAY_MS)
      const left = await listIdentities(db, 'p', { hideDisabled: true, after: undefined, limit: 500 })
      return left.map((identity) => identity.id)
    }
    const use = (i: number) => lastUsed.note(id(i), { service: 'cognito-identity', region: 'us-east-1' })
    expect(await round(15)).toHaveLength(450)
    expect(await round(15)).toHaveLength(450)
    expect(await round(0)).toHaveLength(450)
    expect(await round(15)).toHaveLength(450)
    // One use is stored, one only noted in this process.
    use(7)
    await lastUsed.flush()
    use(449)
    expect(await round(15)).toHaveLength(450)
    expect(await round(15)).toEqual([id(7), id(449)])
    expect(await round(15)).toEqual([])
    expect(await db.selectFrom('iam_last_used').select('name').execute()).toEqual([])
  })
})
