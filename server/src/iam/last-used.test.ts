import { describe, expect, it } from 'vitest'
import { engines } from '../../test/harness.ts'
import { useParts } from '../../test/parts.ts'
import type { Principal } from '../authorization/principal.ts'
import { createLastUsed, noteUse } from './last-used.ts'
import { findLastUsed, writeLastUsed } from './last-used-store.ts'

const use = { service: 'iam', region: 'us-east-1' }

describe.each(engines)('last uses (%s)', (engine) => {
  const parts = useParts(engine)
  const open = () => createLastUsed(parts.database, parts.clock)

  it('are found at once, and written by flush', async () => {
    const lastUsed = open()
    expect(await lastUsed.find('a')).toBeUndefined()
    lastUsed.note('a', use)
    expect(await lastUsed.find('a')).toMatchObject(use)
    expect(await findLastUsed(parts.db, 'a')).toBeUndefined()
    await lastUsed.flush()
    expect(await findLastUsed(parts.db, 'a')).toMatchObject(use)
    expect(await open().find('a')).toEqual(await lastUsed.find('a'))
  })

  it('keep the latest use of two processes, in any order of writes', async () => {
    const [early, late] = [open(), open()]
    early.note('b', { ...use, service: 'sts' })
    parts.clock.advance(1000)
    late.note('b', use)
    await late.flush()
    await early.flush()
    expect((await findLastUsed(parts.db, 'b'))?.service).toBe('iam')
    parts.clock.advance(1000)
    early.note('b', { ...use, service: 'sts' })
    expect((await early.find('b'))?.service).toBe('sts')
    await early.flush()
    expect((await late.find('b'))?.service).toBe('sts')
  })

  it('are written once per flush, and not again without a use', async () => {
    const lastUsed = open()
    for (let index = 0; index < 1000; index++) lastUsed.note('c', use)
    await lastUsed.flush()
    await parts.db.deleteFrom('iam_last_used').where('name', '=', 'c').execute()
    await lastUsed.flush()
    expect(await findLastUsed(parts.db, 'c')).toBeUndefined()
  })

  it('of a deleted key or role are not written, even if a write has begun', async () => {
    const lastUsed = open()
    lastUsed.note('d', use)
    lastUsed.forget('d')
    lastUsed.note('e', use)
    const flushing = lastUsed.flush()
    lastUsed.forget('e')
    await flushing
    expect(await findLastUsed(parts.db, 'd')).toBeUndefined()
    expect(await findLastUsed(parts.db, 'e')).toBeUndefined()
  })

  it('are kept for the next flush when they cannot be written', async () => {
    const broken = createLastUsed(
      {
        db: {
          insertInto: () => {
            throw new Error('gone')
          },
          selectFrom: parts.db.selectFrom.bind(parts.db),
        } as never,
      },
      parts.clock,
    )
    broken.note('f', use)
    await expect(broken.flush()).rejects.toThrow('gone')
    expect(await broken.find('f')).toMatchObject(use)
    await writeLastUsed(parts.db, 'f', { ...use, usedAt: 1 })
  })
})

describe('noteUse', () => {
  const noted = (principal: unknown): string[] => {
    const names: string[] = []
    noteUse({ lastUsed: { note: (name) => void names.push(name) } }, principal as Principal, 'AKIA', use)
    return names
  }

  it('notes long-term keys and roles', () => {
    expect(noted({ kind: 'root' })).toEqual(['AKIA'])
    expect(noted({ kind: 'user', user: {} })).toEqual(['AKIA'])
    expect(noted({ kind: 'role-session', role: { id: 'AROA' }, session: {} })).toEqual(['AROA'])
    for (const kind of ['root', 'user-session', 'federated-user']) expect(noted({ kind, session: {} })).toEqual([])
  })
})
