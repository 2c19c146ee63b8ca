import { describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import { Stale } from '../../database/compare-and-set.ts'
import { findEntities, insertEntity } from '../entity-store.ts'
import { insertMembership, listMembers } from './membership-store.ts'
import { renameInMembers } from './rename-in-members.ts'

describe.each(engines)('renaming a group in its members (%s)', (engine) => {
  const parts = useParts(engine)
  const keyOf = (index: number) => `user/u${String(index).padStart(4, '0')}`

  it('changes all members of a large group, and not their other groups', async () => {
    const keys = Array.from({ length: 620 }, (_, index) => keyOf(index))
    const moved = await parts.database.transaction(async (db) => {
      for (const [index, key] of keys.entries()) {
        const settings = {
          name: key.slice(5),
          path: '/',
          inlinePolicies: {},
          attachedPolicies: [],
          tags: [],
          groups: index % 2 === 0 ? ['group/first', 'group/old', 'group/last'] : ['group/old'],
        }
        await insertEntity(db, { kind: 'user', key, id: key, settings, createdAt: 0, updatedAt: 0 }, key)
        await insertMembership(db, key, 'group/old')
        if (index % 2 === 0) await insertMembership(db, key, 'group/first')
      }
      return renameInMembers(db, 'group/old', 'group/new', 1)
    })
    expect(moved).toEqual(keys)
    expect(await listMembers(parts.db, 'group/old', undefined, 1000)).toEqual([])
    expect(await listMembers(parts.db, 'group/new', undefined, 1000)).toEqual(keys)
    expect(await listMembers(parts.db, 'group/first', undefined, 1000)).toHaveLength(310)
    const users = await findEntities(parts.db, 'user', keys)
    const groups = users.map(({ settings }) => settings.groups.join())
    expect(new Set(groups)).toEqual(new Set(['group/first,group/new,group/last', 'group/new']))
    expect(users.every(({ version, updatedAt }) => version === 2 && updatedAt === 1)).toBe(true)
  })

  it('is retried when a member was deleted', async () => {
    await insertMembership(parts.db, 'user/gone', 'group/haunted')
    const work = parts.database.transaction((db) => renameInMembers(db, 'group/haunted', 'group/x', 1))
    await expect(work).rejects.toThrow(Stale)
    expect(await listMembers(parts.db, 'group/haunted', undefined, 10)).toEqual(['user/gone'])
  })
})
