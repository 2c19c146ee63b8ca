import { describe, expect, test } from 'vitest'
import { mismatch, refusalOf, signed, target } from '../../test/sigv4-requests.ts'
import { createSigningKeyCache } from './signing-key.ts'

describe('signing keys', () => {
  test('are cached after success, up to a bound, and only for the secret they came from', () => {
    const signingKeys = createSigningKeyCache(3)
    expect(refusalOf(signed(), { secretAccessKey: 'wrong', signingKeys })).toBeDefined()
    expect(signingKeys.size).toBe(0)
    expect(refusalOf(signed(), { signingKeys })).toBeUndefined()
    expect(signingKeys.size).toBe(1)
    expect(refusalOf(signed(), { signingKeys })).toBeUndefined()
    expect(refusalOf(signed(), { secretAccessKey: 'replaced', signingKeys })).toMatchObject(mismatch)
    for (const region of ['a', 'b', 'c', 'd']) {
      expect(refusalOf(signed({ scope: { region } }), { expectedRegions: undefined, signingKeys })).toBeUndefined()
      expect(signingKeys.size).toBeLessThanOrEqual(3)
    }
    expect(signingKeys.size).toBe(3)
  })

  test('the least recently used is evicted first', () => {
    const cache = createSigningKeyCache(2)
    const scope = { date: '20260107', ...target }
    for (const id of ['one', 'two']) cache.set(id, 's', scope, Buffer.from(id))
    cache.get('one', 's', scope)
    cache.set('three', 's', scope, Buffer.from('three'))
    expect(cache.get('two', 's', scope)).toBeUndefined()
    expect(cache.get('one', 's', scope)?.toString()).toBe('one')
    for (const other of [{ date: '20260108' }, { region: 'x' }, { service: 'x' }]) {
      expect(cache.get('one', 's', { ...scope, ...other })).toBeUndefined()
    }
    cache.set('one', 'new', scope, Buffer.from('new'))
    expect(cache.get('one', 's', scope)).toBeUndefined()
    expect(cache.get('one', 'new', scope)?.toString()).toBe('new')
  })
})
