import { describe, expect, it } from 'vitest'
import { deviceGroupKey } from './device-rules.ts'

describe('the group key', () => {
  it('is one for a pool, of nine characters', () => {
    const keys = Array.from({ length: 200 }, (_, i) => deviceGroupKey(`us-east-1_pool${i}`))
    for (const key of keys) expect(key).toMatch(/^-[A-Za-z0-9]{8}$/)
    expect(new Set(keys).size).toBe(200)
    expect(deviceGroupKey('us-east-1_pool0')).toBe(keys[0])
  })
})
