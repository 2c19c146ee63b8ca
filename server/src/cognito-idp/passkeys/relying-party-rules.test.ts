import { describe, expect, it } from 'vitest'
import { isOriginAllowed, relyingPartyIdProblem, relyingPartyOf } from './relying-party-rules.ts'

describe('the id of a relying party', () => {
  it.each(['example.com', 'auth.example.co.uk', 'xn--bcher-kva.example', 'localhost'])('may be %s', (id) => {
    expect(relyingPartyIdProblem(id)).toBeUndefined()
  })

  it.each([
    'com',
    'Example.com',
    'https://example.com',
    'example.com:443',
    '192.0.2.1',
    '::1',
    '',
    'a..b',
    '-a.b',
    '*.a.b',
  ])('may not be %j', (id) => {
    expect(relyingPartyIdProblem(id)).toMatch(/^The relying party ID/)
  })
})

describe('the relying party of a pool', () => {
  const of = (publicUrl: string, WebAuthnConfiguration = {}) =>
    relyingPartyOf({ WebAuthnConfiguration } as never, publicUrl)

  it('is the one that is configured, or else the host of PUBLIC_URL', () => {
    expect(of('https://id.example.com')).toEqual({ id: 'id.example.com', userVerification: 'preferred' })
    expect(of('https://id.example.com:8443/base')).toMatchObject({ id: 'id.example.com' })
    expect(of('https://id.example.com', { RelyingPartyId: 'example.com', UserVerification: 'required' })).toEqual({
      id: 'example.com',
      userVerification: 'required',
    })
  })

  it('asks for verified users where a passkey stands for two factors', () => {
    const of = (FactorConfiguration: string) =>
      relyingPartyOf({ WebAuthnConfiguration: { FactorConfiguration } } as never, 'https://a.example')
    expect(of('MULTI_FACTOR_WITH_USER_VERIFICATION')?.userVerification).toBe('required')
    expect(of('SINGLE_FACTOR')?.userVerification).toBe('preferred')
  })

  it.each(['http://127.0.0.1:9229', 'http://127.8.0.1', 'http://[::1]:9229', 'http://localhost:9229'])(
    'at %s is localhost',
    (url) => {
      expect(of(url)?.id).toBe('localhost')
    },
  )

  it('is none at another address, and at a name without a dot', () => {
    expect(of('http://192.0.2.1:9229')).toBeUndefined()
    expect(of('http://[2001:db8::1]')).toBeUndefined()
    expect(of('http://intranet')).toBeUndefined()
  })
})

describe('the origin of a page', () => {
  const allowed = (origin: string, id: string, production = true) =>
    isOriginAllowed(origin, { id, userVerification: 'preferred' }, production)

  it.each(['https://example.com', 'https://app.example.com', 'https://a.b.example.com', 'https://example.com:8443'])(
    'may be %s',
    (origin) => {
      expect(allowed(origin, 'example.com')).toBe(true)
    },
  )

  it.each([
    'http://example.com',
    'https://example.com.evil.example',
    'https://notexample.com',
    'https://com',
    'https://example.com/',
    'https://example.com:443',
    'https://user@example.com',
    'https://EXAMPLE.com',
    'android:apk-key-hash:abc',
    'null',
    '',
  ])('may not be %j', (origin) => {
    expect(allowed(origin, 'example.com', false)).toBe(false)
  })

  it('needs no TLS on localhost in development', () => {
    expect(allowed('http://localhost:3000', 'localhost', false)).toBe(true)
    expect(allowed('http://app.localhost:3000', 'localhost', false)).toBe(true)
    expect(allowed('http://localhost:3000', 'localhost', true)).toBe(false)
    expect(allowed('https://localhost:3000', 'localhost', true)).toBe(true)
    expect(allowed('http://127.0.0.1:3000', 'localhost', false)).toBe(false)
  })
})
