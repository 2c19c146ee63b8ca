import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { jws, jwsContent, parseJws } from './jws.ts'
import { createVerifiedSignatures, SIGNATURES_KEPT } from './verified-signatures.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
const key = { kid: 'one', publicKey }
const { isSignedWith, parse } = createVerifiedSignatures()

function tokenOf(claims: Record<string, unknown>, by: KeyObject = privateKey): string {
  const content = jwsContent({ kid: 'one', alg: 'RS256' }, claims)
  return jws(content, sign('sha256', Buffer.from(content), by))
}
function check(token: string, by = key): boolean {
  const parsed = parseJws(token)
  if (!parsed) throw new Error('not a token')
  return isSignedWith(by, token, parsed)
}

describe('a signature', () => {
  it('is valid on every check', () => {
    const token = tokenOf({ sub: 'ann' })
    expect([check(token), check(token), check(token)]).toEqual([true, true, true])
  })

  it('is invalid on every check, whatever other signatures were valid', () => {
    const good = tokenOf({ sub: 'ann' })
    const forged = tokenOf({ sub: 'ann' }, other.privateKey)
    const [header, claims, signature] = good.split('.') as [string, string, string]
    const moved = [header, tokenOf({ sub: 'bob' }).split('.')[1], signature].join('.')
    expect(check(good)).toBe(true)
    for (const token of [forged, moved, `${header}.${claims}.${forged.split('.')[2]}`])
      expect([check(token), check(token)]).toEqual([false, false])
  })

  it('has its token taken apart once it is known to be valid, and never before', () => {
    const [good, forged] = [tokenOf({ sub: 'dan' }), tokenOf({ sub: 'dan' }, other.privateKey)]
    for (const token of [good, forged]) {
      const parsed = parse(token)
      expect(parsed).toEqual(parseJws(token))
      expect(parse(token)).not.toBe(parsed)
      if (parsed) isSignedWith(key, token, parsed)
    }
    expect(parse(good)).toBe(parse(good))
    expect(parse(forged)).not.toBe(parse(forged))
    expect(parse('not a token')).toBeUndefined()
  })

  it('is cached for the key that made it, not for another key', () => {
    const token = tokenOf({ sub: 'cid' })
    expect(check(token)).toBe(true)
    expect(check(token, { kid: 'two', publicKey: other.publicKey })).toBe(false)
    expect(check(token)).toBe(true)
  })

  it('leaves the cache in the end, but not while it is used', () => {
    // A key that verifies nothing shows which signatures are cached.
    const blind = { ...key, publicKey: other.publicKey }
    const [used, unused] = [tokenOf({ sub: 'used' }), tokenOf({ sub: 'unused' })]
    expect([check(used), check(unused)]).toEqual([true, true])
    const content = jwsContent({}, {})
    const signature = sign('sha256', Buffer.from(content), privateKey)
    for (let i = 0; i < 2 * SIGNATURES_KEPT; i++) {
      isSignedWith(key, `other ${i}`, { header: {}, claims: {}, content, signature })
      if (i % 500 === 0) expect(check(used, blind)).toBe(true)
    }
    expect([check(used, blind), check(unused, blind)]).toEqual([true, false])
  })
})
