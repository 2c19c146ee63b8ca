import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../test/harness.ts'
import { analyze, openTestDatabase, plansOf, readsInOrder } from '../../test/statement-plans.ts'
import type { Database } from '../database/database.ts'
import {
  countEntity,
  countVersions,
  deleteEntity,
  entityCounts,
  findEntities,
  findEntity,
  insertEntity,
  listEntities,
  pathKey,
  uncountEntity,
  updateEntity,
} from './entity-store.ts'
import { entityKey, type Group } from './entity-types.ts'

const group = (name: string, path = '/'): Omit<Group, 'version'> => ({
  kind: 'group',
  key: entityKey('group', name),
  id: `id of ${name}`,
  settings: { name, path, inlinePolicies: {}, attachedPolicies: [] },
  createdAt: 1,
  updatedAt: 1,
})

describe.each(engines)('entities on %s', (engine) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(engine)
    for (let index = 0; index < 200; index++) {
      const one = group(`Group-${String(index).padStart(3, '0')}`, index % 2 ? '/Odd/' : '/')
      await insertEntity(database.db, one, pathKey(one.settings))
      await insertEntity(
        database.db,
        { ...one, kind: 'user' as 'group', key: entityKey('user', one.settings.name) },
        pathKey(one.settings),
      )
    }
    await analyze(database)
  })
  afterAll(() => database.close())

  it('are inserted once for each name, whatever its case', async () => {
    const { db } = database
    expect(await insertEntity(db, group('Once'), '/once')).toBe(true)
    expect(await insertEntity(db, group('ONCE', '/x/'), '/x/once')).toBe(false)
    expect((await findEntity(db, 'group', 'group/once'))?.settings.name).toBe('Once')
    expect(await findEntity(db, 'role', 'role/once')).toBeUndefined()
  })

  it('are changed and deleted with compare-and-set', async () => {
    const { db } = database
    await insertEntity(db, group('changed'), '/changed')
    const first = (await findEntity(db, 'group', 'group/changed')) as Group
    expect(first.version).toBe(1)
    const settings = { ...first.settings, inlinePolicies: JSON.parse('{"__proto__":"{}"}') as Record<string, string> }
    expect(await updateEntity(db, first, settings, 7)).toBe(true)
    expect(await updateEntity(db, first, first.settings, 8)).toBe(false)
    expect(await deleteEntity(db, first)).toBe(false)
    const second = (await findEntity(db, 'group', 'group/changed')) as Group
    expect(second).toMatchObject({ version: 2, updatedAt: 7, createdAt: 1 })
    expect(Object.keys(second.settings.inlinePolicies)).toEqual(['__proto__'])
    expect(await deleteEntity(db, second)).toBe(true)
    expect(await deleteEntity(db, second)).toBe(false)
  })

  it('are listed by path and name, within a kind and below a path', async () => {
    const names = async (pathPrefix: string, after: string | undefined, limit = 2) =>
      (await listEntities(database.db, 'group', { pathPrefix, after, limit })).map(({ settings }) => settings.name)
    expect(await names('/', undefined)).toEqual(['Group-000', 'Group-002'])
    expect(await names('/ODD/', undefined)).toEqual(['Group-001', 'Group-003'])
    expect(await names('/odd/', '/odd/group-197')).toEqual(['Group-199'])
    expect(await names('', '/group-196', 3)).toEqual(['Group-198', 'Group-001', 'Group-003'])
  })

  it('are found by their keys', async () => {
    const keys = ['group/group-000', 'group/none', 'group/group-199']
    const found = await findEntities(database.db, 'group', keys)
    expect(found.map(({ key }) => key).sort()).toEqual(['group/group-000', 'group/group-199'])
    expect(await findEntities(database.db, 'group', [])).toEqual([])
  })

  it('are counted up to the maximum', async () => {
    const { db } = database
    expect(await entityCounts(db)).toEqual(new Map())
    expect(await countEntity(db, 'group', 2)).toBe(true)
    expect(await countEntity(db, 'group', 2)).toBe(true)
    expect(await countEntity(db, 'group', 2)).toBe(false)
    await uncountEntity(db, 'group')
    expect(await countEntity(db, 'group', 2)).toBe(true)
    await countVersions(db, 1)
    await countVersions(db, 1)
    await countVersions(db, -1)
    expect(await entityCounts(db)).toEqual(
      new Map([
        ['group', 2],
        ['policy-version', 1],
      ]),
    )
  })

  it('are read in one ordered range of an index', async () => {
    const plans = await plansOf(database, async (db) => {
      await listEntities(db, 'group', { pathPrefix: '', after: undefined, limit: 5 })
      await listEntities(db, 'group', { pathPrefix: '/odd/', after: '/odd/group-100', limit: 5 })
    })
    expect(plans).toHaveLength(2)
    for (const plan of plans) expect(plan).toSatisfy(readsInOrder)
  })
})
