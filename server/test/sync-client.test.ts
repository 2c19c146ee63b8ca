// The package cognomen-sync (sync-client/) against a server: convergence of devices, sign-in of guests, the event stream.
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createSync, memoryStorage, type Sync, type SyncOptions } from '../../sync-client/src/index.ts'
import { simulate, type World } from '../../sync-client/test/simulator.ts'
import { engines, type TestServer, useTestServer } from './harness.ts'
import { type IdentityWorld, useIdentityWorld } from './identity-world.ts'

const SEEDS = process.env['COGNOMEN_LONG'] ? 100 : 4

describe.each(engines)('the sync client on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)

  it(`converges: ${SEEDS} seeds, as in memory`, { timeout: 900_000 }, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) await simulate(seed, await simulated(server, world))
  })

  it('takes what a guest did into the account: under the same identity, or merged, once', async () => {
    const merge = { visits: 'counter', tags: 'set' } as const
    const phone = device(server, world)
    const guest = phone('prefs', { merge })
    guest.increment('visits', 3)
    guest.addTo('tags', 'guest')
    await guest.flush()
    const id = phone.status.identityId
    const logins = await world.loginsOf('claims')
    await phone.login(logins)
    expect(phone.status.identityId).toBe(id)

    const tablet = device(server, world)
    const other = tablet('prefs', { merge })
    other.increment('visits', 4)
    other.addTo('tags', 'tablet')
    tablet('notes').set('first', 'a note')
    await tablet.flush()
    await tablet.login(logins)
    expect(tablet.status.identityId).toBe(id)
    await Promise.all([other.refresh(), guest.refresh()])
    await other.refresh()
    await guest.refresh()
    for (const { get } of [guest, other]) {
      expect(get('visits')).toBe(7)
      expect([...(get('tags') as string[])].sort()).toEqual(['guest', 'tablet'])
    }
    expect((await tablet.datasets()).map(({ name }) => name).sort()).toEqual(['notes', 'prefs'])
    expect(tablet('notes').get('first')).toBe('a note')
  })

  it('begins anew when a dataset was deleted', async () => {
    const logins = await world.loginsOf('deletes')
    const [one, two] = [device(server, world, { logins }), device(server, world, { logins })]
    one('d').set('k', 1)
    await one.flush()
    await two('d').refresh()
    await one.remove('d')
    one('d').set('again', 2)
    await one.flush()
    await two('d').refresh()
    expect(two('d').all()).toEqual({ again: 2 })
  })

  it('hears of changes by the event stream', async () => {
    const logins = await world.loginsOf('listens')
    const [one, two] = [device(server, world, { logins, live: true }), device(server, world, { logins, live: true })]
    const [here, there] = [one('d'), two('d')]
    await vi.waitUntil(() => one.status.live && two.status.live, { timeout: 20_000 })
    here.set('k', 1)
    await vi.waitUntil(() => there.get('k') === 1, { timeout: 20_000 })
    there.set('k', 2)
    await vi.waitUntil(() => here.get('k') === 2, { timeout: 20_000 })
    await one.remove('d')
    await vi.waitUntil(() => there.keys().length === 0, { timeout: 20_000 })
  })

  it('signs with the time of the server when its own clock is wrong', async () => {
    const late = device(server, world, { now: () => server.clock.now() - 3_600_000 })
    late('d').set('k', 1)
    await late.flush()
    expect(late.status).toMatchObject({ state: 'synced', pending: 0 })
  })
})

/** A client that asks when it is told to, of a guest unless it has logins. */
function device(server: TestServer, world: IdentityWorld, options: Partial<SyncOptions> = {}): Sync {
  const sync = createSync({
    endpoint: server.url,
    identityPoolId: world.poolId,
    storage: memoryStorage(),
    live: 'manual',
    now: server.clock.now,
    ...options,
  })
  onTestFinished(() => sync.destroy())
  return sync
}

async function simulated(server: TestServer, world: IdentityWorld): Promise<World> {
  const logins = await world.loginsOf('simulated')
  return {
    fetch,
    options: { endpoint: server.url, identityPoolId: world.poolId, logins },
    now: server.clock.now,
    advance: (ms) => server.clock.advance(ms),
  }
}
