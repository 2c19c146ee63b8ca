import { describe, expect, it } from 'vitest'
import { makeKeysAhead, noteNewPool } from './key-preparation.ts'

const context = (pools: string[]) => {
  const made: string[] = []
  const keys = { signingKey: async (pool: string, use: string) => void made.push(`${pool} ${use}`) }
  const settings = { pool: async (id: string) => (pools.includes(id) ? { id } : undefined) }
  return { made, context: { keys, settings } as never }
}
const stopped = () => false

describe('signing keys made ahead', () => {
  it('are made once for each new pool, one after another', async () => {
    const { made, context: parts } = context(['a', 'b'])
    noteNewPool(parts, 'a')
    noteNewPool(parts, 'b')
    expect(made).toEqual([])
    await makeKeysAhead(parts, stopped)
    await makeKeysAhead(parts, stopped)
    expect(made).toEqual(['a access', 'a id', 'b access', 'b id'])
  })

  it('are not made for a pool that is gone', async () => {
    const { made, context: parts } = context([])
    noteNewPool(parts, 'gone')
    await makeKeysAhead(parts, stopped)
    expect(made).toEqual([])
  })

  it('are not made for pools of another server, and not after a stop', async () => {
    const one = context(['a'])
    const other = context(['a'])
    noteNewPool(one.context, 'a')
    await makeKeysAhead(other.context, stopped)
    expect(other.made).toEqual([])
    await makeKeysAhead(one.context, () => one.made.length > 0)
    expect(one.made).toEqual(['a access'])
  })
})
