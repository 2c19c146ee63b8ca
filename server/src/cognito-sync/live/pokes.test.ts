// What listeners are told, by a table of datasets that the test writes itself.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sqlOf } from '../../../test/executed-statements.ts'
import { engines } from '../../../test/harness.ts'
import { openTestDatabase, plansOf } from '../../../test/statement-plans.ts'
import { type Database, DatabaseAway } from '../../database/database.ts'
import { findCounts, findTotals } from './dataset-counts-store.ts'
import { createPokes, type Pokes } from './pokes.ts'

const POOL = 'us-east-1:pool'
const log = { error: () => undefined } as never

describe.each(engines)('on %s', (engine) => {
  let database: Database
  let pokes: Pokes
  beforeAll(async () => {
    database = await openTestDatabase(engine)
    pokes = createPokes(database, log)
  })
  afterAll(() => database?.close())

  let identities = 0
  const newId = (): string => `us-east-1:${++identities}`

  async function setCount(identityId: string, name: string, count: number): Promise<void> {
    const row = {
      identity_id: identityId,
      dataset_name: name,
      identity_pool_id: POOL,
      home_id: identityId,
      dataset_id: 'id',
      live: 1,
      sync_count: count,
      deleted_sync_count: 0,
      merged_from: '',
      created_at: 1,
      updated_at: 1,
      modified_by: '',
      storage: 0,
      record_count: 0,
      tombstone_count: 0,
    }
    await database.db
      .insertInto('sync_datasets')
      .values(row as never)
      .onConflict((on) => on.columns(['identity_id', 'dataset_name']).doUpdateSet({ sync_count: count }))
      .execute()
  }

  /** Listens; `heard` is name and count of each poke, what was missed at first among them. */
  async function listen(id: string, eventId = '', to = pokes) {
    const heard: [string, number][] = []
    let lastEventId = eventId
    const hear = (events: string): void => {
      for (const [, json] of events.matchAll(/^data: (.*)$/gm)) {
        const { datasetName, syncCount } = JSON.parse(json as string)
        heard.push([datasetName, syncCount])
      }
      lastEventId = /^id: (.*)$/m.exec(events)?.[1] ?? lastEventId
    }
    const leave = await to.listen({ poolId: POOL, id }, eventId, hear, hear)
    return {
      /** What came since the last look. */
      heard: () => heard.splice(0),
      id: () => lastEventId,
      leave,
    }
  }

  it('tells the higher of two counts, in whatever order they come, and neither twice', async () => {
    const id = newId()
    const one = await listen(id)
    pokes.tell(id, 'prefs', 2)
    pokes.tell(id, 'prefs', 1)
    pokes.tell(id, 'prefs', 2)
    pokes.tell(newId(), 'prefs', 9)
    expect(one.heard()).toEqual([['prefs', 2]])
    one.leave()
    pokes.tell(id, 'prefs', 3)
    expect(one.heard()).toEqual([])
  })

  it('tells who comes what it does not know', async () => {
    const id = newId()
    await setCount(id, 'one', 4)
    await setCount(id, 'two', 7)
    const first = await listen(id)
    expect(first.heard().sort()).toEqual([
      ['one', 4],
      ['two', 7],
    ])
    pokes.tell(id, 'one', 5)
    await setCount(id, 'one', 6)
    // Whoever comes reads the table, and what is new there is told to all.
    const second = await listen(id, first.id())
    expect(second.heard()).toEqual([['one', 6]])
    expect(first.heard()).toEqual([
      ['one', 5],
      ['one', 6],
    ])
    expect((await listen(id, second.id())).heard()).toEqual([])
  })

  it('looks at an identity when it is told to, and forgets what is gone', async () => {
    const [id, survivor] = [newId(), newId()]
    await setCount(id, 'prefs', 3)
    const [old, one] = [await listen(id), await listen(survivor)]
    old.heard()
    await database.db
      .updateTable('sync_datasets')
      .set({ identity_id: survivor, dataset_name: `prefs.${id}` })
      .where('identity_id', '=', id)
      .where('dataset_name', '=', 'prefs')
      .execute()
    pokes.look(id)
    pokes.look(survivor)
    await expect.poll(() => one.heard()).toEqual([[`prefs.${id}`, 3]])
    expect(old.heard()).toEqual([])
    await pokes.poll()
    // A dataset of that name that is made anew begins below.
    pokes.tell(id, 'prefs', 1)
    expect(old.heard()).toEqual([['prefs', 1]])
  })

  it('tells later what it cannot read now, and lets nobody in meanwhile', async () => {
    let away = false
    const db = new Proxy(database.db, {
      get(target, name) {
        if (away && name === 'executeQuery') return () => Promise.reject(new DatabaseAway('away', ''))
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const shaky = createPokes({ db, exclusive: database.exclusive }, log)
    const id = newId()
    const one = await listen(id, '', shaky)
    await setCount(id, 'prefs', 1)
    away = true
    shaky.look(id)
    await expect(listen(id, '', shaky)).rejects.toThrow(DatabaseAway)
    await expect(shaky.poll()).rejects.toThrow(DatabaseAway)
    expect(one.heard()).toEqual([])
    away = false
    await shaky.poll()
    expect(one.heard()).toEqual([['prefs', 1]])
    expect((await listen(id, one.id(), shaky)).heard()).toEqual([])
  })

  it('finds what other processes wrote, where there are others', async () => {
    const ids = Array.from({ length: 5 }, newId)
    const listening = await Promise.all(ids.map((id) => listen(id)))
    for (const [i, id] of ids.entries()) await setCount(id, 'prefs', i + 1)
    const statements = await sqlOf(() => pokes.poll())
    expect(listening.map((one) => one.heard())).toEqual(
      ids.map((_, i) => (engine === 'sqlite' ? [] : [['prefs', i + 1]])),
    )
    // One for what has changed, one for the counts of that.
    expect(statements).toHaveLength(engine === 'sqlite' ? 0 : 2)
    expect(await sqlOf(() => pokes.poll())).toHaveLength(engine === 'sqlite' ? 0 : 1)
  })

  it('asks by key', async () => {
    for (const find of [findTotals, findCounts])
      for (const plan of await plansOf(database, (db) => find(db, ['one', 'two', 'three'])))
        expect(plan).toMatch(
          engine === 'sqlite'
            ? /SEARCH sync_datasets USING .*INDEX sqlite_autoindex_sync_datasets_1 \(identity_id=\?/
            : /Index (Only )?Scan using sync_datasets_pkey on sync_datasets/,
        )
  })

  it('asks nothing when nobody listens, and hundreds of identities at once when many do', async () => {
    const quiet = createPokes(database, log)
    const leaves: (() => void)[] = []
    for (let i = 0; i < 600; i++)
      leaves.push(
        await quiet.listen(
          { poolId: POOL, id: newId() },
          '',
          () => undefined,
          () => undefined,
        ),
      )
    expect(await sqlOf(() => quiet.poll())).toHaveLength(engine === 'sqlite' ? 0 : 2)
    for (const leave of leaves) leave()
    expect(await sqlOf(() => quiet.poll())).toEqual([])
  })
})
