import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { analyze, openTestDatabase, plansOf, readsInOrder } from '../../../test/statement-plans.ts'
import type { Database } from '../../database/database.ts'
import { countPolicyUsers, deleteAttachment, insertAttachment, listPolicyUsers } from './attachment-store.ts'

const policyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

describe.each(engines)('attachments on %s', (engine) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(engine)
    for (let index = 0; index < 300; index++) {
      const entityKey = `${['group', 'role', 'user'][index % 3]}/${String(index).padStart(3, '0')}`
      await insertAttachment(database.db, { entityKey, policyArn: `arn:${index % 7}`, use: 'attached' })
      await insertAttachment(database.db, { entityKey, policyArn, use: index % 2 ? 'attached' : 'boundary' })
      if (index % 10 === 0)
        await insertAttachment(database.db, { entityKey, policyArn, use: index % 2 ? 'boundary' : 'attached' })
    }
    await analyze(database)
  })
  afterAll(() => database.close())

  const list = (range: Partial<Parameters<typeof listPolicyUsers>[1]> = {}) =>
    listPolicyUsers(database.db, { policyArn, use: undefined, kind: undefined, after: undefined, limit: 5, ...range })

  it('are listed by key, each once', async () => {
    expect(await list()).toEqual(['group/000', 'group/003', 'group/006', 'group/009', 'group/012'])
    expect(await list({ after: 'group/297' })).toEqual(['role/001', 'role/004', 'role/007', 'role/010', 'role/013'])
    expect(await list({ kind: 'user', use: 'boundary', limit: 3 })).toEqual(['user/002', 'user/008', 'user/014'])
    expect(await list({ limit: 1000 })).toHaveLength(300)
  })

  it('are counted by use', async () => {
    expect(await countPolicyUsers(database.db, policyArn)).toEqual({ attached: 180, boundary: 150 })
    expect(await countPolicyUsers(database.db, 'arn:none')).toEqual({ attached: 0, boundary: 0 })
  })

  it('are removed one at a time', async () => {
    const attachment = { entityKey: 'role/999', policyArn, use: 'attached' } as const
    expect(await deleteAttachment(database.db, attachment)).toBe(false)
    await insertAttachment(database.db, attachment)
    expect(await deleteAttachment(database.db, { ...attachment, use: 'boundary' })).toBe(false)
    expect(await deleteAttachment(database.db, attachment)).toBe(true)
  })

  it('are found in one ordered range of an index', async () => {
    const plans = await plansOf(database, async (db) => {
      await listPolicyUsers(db, { policyArn, use: 'boundary', kind: 'role', after: 'role/100', limit: 5 })
      await listPolicyUsers(db, { policyArn, use: undefined, kind: undefined, after: undefined, limit: 5 })
    })
    expect(plans).toHaveLength(2)
    for (const plan of plans) expect(plan).toSatisfy(readsInOrder)
  })
})
