import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { exportJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { DISCOVERY, otherRsa, rsa, useTokenProvider } from '../../../test/token-provider.ts'
import { claimedIssuer } from './verify-token.ts'

const curves = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  EdDSA: generateKeyPairSync('ed25519'),
} as const

const at = useTokenProvider()
const { publish, refusal, seconds, token, verify } = at

/** A token built from text, without the checks of jose. */
const raw = (header: unknown, claims: unknown, signature: (content: string) => Buffer | string): string => {
  const part = (value: unknown): string =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  const content = `${part(header)}.${part(claims)}`
  return `${content}.${Buffer.from(signature(content) as string).toString('base64url')}`
}
const claimsNow = (): Record<string, unknown> => ({ iss: at.issuer, sub: 'ada', aud: 'app', exp: seconds() + 600 })
const signWith = (key: KeyObject) => (content: string) => createSign('sha256').update(content).sign(key)
const signRs256 = signWith(rsa.privateKey)

describe('a token', () => {
  test('that is valid', async () => {
    expect(await verify(token({ email: 'ada@example.com', azp: 'phone', aud: ['app', 'api'] }))).toEqual({
      claims: { ...claimsNow(), iat: seconds(), email: 'ada@example.com', azp: 'phone', aud: ['app', 'api'] },
      header: { alg: 'RS256', kid: 'one' },
      subject: 'ada',
      audiences: ['app', 'api'],
      authorizedParty: 'phone',
    })
    expect(await verify(token({ aud: undefined }))).toMatchObject({ audiences: [] })
  })

  test.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'])('signed with %s', async (alg) => {
    expect(await verify(token({}, { alg }))).toMatchObject({ subject: 'ada' })
  })

  test.each(Object.entries(curves))('signed with %s', async (alg, { publicKey, privateKey }) => {
    await publish(['curve', publicKey])
    expect(await verify(token({}, { alg, kid: 'curve' }, privateKey))).toMatchObject({ subject: 'ada' })
  })

  test('without a key id is verified with all keys of its algorithm', async () => {
    await publish([undefined, otherRsa.publicKey], ['curve', curves.ES256.publicKey], [undefined, rsa.publicKey])
    expect(await verify(token({}, { kid: undefined }))).toMatchObject({ subject: 'ada' })
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    expect(await refusal(token({}, { kid: undefined }, stranger))).toBe('bad-signature')
  })

  test('of an issuer whose name ends with a slash, or that has another spelling', async () => {
    at.documents = { ...at.documents, [DISCOVERY]: { issuer: `${at.issuer}/`, jwks_uri: at.jwks_uri } }
    expect(await verify(token({ iss: `${at.issuer}/` }), { issuer: `${at.issuer}/` })).toMatchObject({ subject: 'ada' })
    expect(await refusal(token(), { issuer: `${at.issuer}/` })).toBe('wrong-issuer')
    expect(await verify(token(), { issuer: `${at.issuer}/`, alsoIssuers: [at.issuer] })).toMatchObject({
      subject: 'ada',
    })
  })
})

describe('refused is', () => {
  test('text that is not a token', async () => {
    const [header = '', claims = '', signature = ''] = (await token()).split('.')
    for (const text of [
      '',
      'x',
      '..',
      'a.b.c',
      `${header}.${claims}`,
      `${header}.${claims}.`,
      `${header}.${claims}.${signature}.x`,
      `${header}.${claims}.${signature}=`,
      ` ${header}.${claims}.${signature}`,
      'x'.repeat(60_000),
      raw('[]', claimsNow(), signRs256),
      raw({ alg: 'RS256' }, '"x"', signRs256),
      raw('{', claimsNow(), signRs256),
    ])
      expect(await refusal(text)).toBe('not-a-jwt')
  })

  test('a header or claims that are not UTF-8, or begin with a byte order mark', async () => {
    const bytes = (value: object, before: number[]): Buffer =>
      Buffer.from(`${Buffer.from(before).toString('latin1')}${JSON.stringify(value)}`, 'latin1')
    const text = (header: Buffer, claims: Buffer): string => {
      const content = `${header.toString('base64url')}.${claims.toString('base64url')}`
      return `${content}.${signRs256(content).toString('base64url')}`
    }
    const header = { alg: 'RS256', kid: 'one' }
    const [plain, withName] = [bytes(header, []), bytes({ ...claimsNow(), name: 'Zo\xeb' }, [])]
    expect(await refusal(text(plain, bytes(claimsNow(), [])))).toMatchObject({ claims: { sub: 'ada' } })
    expect(await refusal(text(plain, withName))).toBe('not-a-jwt')
    expect(await refusal(text(bytes({ ...header, x: '\xff' }, []), bytes(claimsNow(), [])))).toBe('not-a-jwt')
    expect(await refusal(text(plain, bytes(claimsNow(), [0xef, 0xbb, 0xbf])))).toBe('not-a-jwt')
  })

  test.each(['at+jwt', 'application/at+jwt', 'logout+jwt', 'DPOP+JWT'])('a token of type %s', async (typ) => {
    expect(await refusal(token({}, { typ }))).toBe('not-a-jwt')
  })

  test('another issuer', async () => {
    for (const iss of ['https://other.example', `${at.issuer}/`, at.issuer.toUpperCase(), undefined, [at.issuer], 7])
      expect(await refusal(raw({ alg: 'RS256', kid: 'one' }, { ...claimsNow(), iss }, signRs256))).toBe('wrong-issuer')
    expect(at.asked).toEqual([])
  })

  test('an algorithm that is not allowed', async () => {
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' })
    const mac = (content: string): Buffer => createHmac('sha256', pem).update(content).digest()
    for (const alg of ['HS256', 'HS512', 'none', 'None', 'RS1', 'ES256K', '', 7, undefined, 'constructor', ['RS256']])
      expect(await refusal(raw({ alg, kid: 'one' }, claimsNow(), mac))).toBe('bad-signature')
    expect(at.asked).toEqual([])
    // A symmetric key among the published keys is not used.
    at.documents['/keys'] = { keys: [{ kty: 'oct', kid: 'one', k: Buffer.from('secret').toString('base64url') }] }
    expect(await refusal(raw({ alg: 'HS256', kid: 'one' }, claimsNow(), mac))).toBe('bad-signature')
  })

  test('a wrong signature, or a key of another kind, use or strength', async () => {
    expect(await refusal(token({}, {}, otherRsa.privateKey))).toBe('bad-signature')
    expect(await refusal(token({}, { alg: 'ES256' }, curves.ES256.privateKey))).toBe('bad-signature')
    const [header, , signature] = (await token()).split('.')
    const changed = Buffer.from(JSON.stringify({ ...claimsNow(), sub: 'eve' })).toString('base64url')
    expect(await refusal(`${header}.${changed}.${signature}`)).toBe('bad-signature')
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 })
    at.forgetKeys()
    await publish(
      ['short', short.publicKey],
      ['encryption', rsa.publicKey, { use: 'enc' }],
      ['other', rsa.publicKey, { alg: 'RS512' }],
    )
    const weak = raw({ alg: 'RS256', kid: 'short' }, claimsNow(), signWith(short.privateKey))
    expect(await refusal(weak)).toBe('bad-signature')
    expect(await refusal(token({}, { kid: 'encryption' }))).toBe('bad-signature')
    expect(await refusal(token({}, { kid: 'other' }))).toBe('bad-signature')
  })

  test('a key whose exponent is small, or whose primes are known to be weak', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })
    await publish(['weak', weak.publicKey], ['one', rsa.publicKey])
    expect(await refusal(token({}, { kid: 'weak' }, weak.privateKey))).toBe('bad-signature')
    expect(await verify(token())).toHaveProperty('subject', 'ada')
  })

  test('a header with its own key or critical extensions', async () => {
    const jwk = await exportJWK(otherRsa.publicKey)
    const signOther = signWith(otherRsa.privateKey)
    const evil = at.issuer.replace('/realm', '/evil')
    const kids = ['../../../dev/null', "' OR 1=1", '__proto__', 'constructor'].map((kid) => ({ kid }))
    for (const more of [{ jwk }, { jku: evil }, { x5u: evil }, ...kids])
      expect(await refusal(raw({ alg: 'RS256', kid: 'one', ...more }, claimsNow(), signOther))).toBe('bad-signature')
    expect(at.asked.filter((path) => path.startsWith('/evil'))).toEqual([])
    const demands = [{ crit: ['x'], x: 1 }, { crit: [] }, { crit: ['b64'], b64: false }, { b64: true }]
    for (const more of [...demands, { kid: 7 }, { kid: null }])
      expect(await refusal(raw({ alg: 'RS256', kid: 'one', ...more }, claimsNow(), signRs256))).toBe('bad-signature')
  })

  test('missing claims and claims of a wrong type', async () => {
    const wrong = [
      { sub: undefined },
      { sub: '' },
      { sub: 7 },
      { exp: undefined },
      { exp: '9999999999' },
      { nbf: 'x' },
      { aud: 7 },
      { aud: ['a', 7] },
      { aud: { a: 1 } },
      { azp: ['a'] },
      { sub: 'x'.repeat(2049) },
    ]
    for (const more of wrong)
      expect(await refusal(raw({ alg: 'RS256', kid: 'one' }, { ...claimsNow(), ...more }, signRs256))).toBe(
        'invalid-claims',
      )
  })

  test('an expired or not yet valid token, to the second', async () => {
    const text = await token({ exp: seconds() + 100, nbf: seconds() - 100 })
    const now = seconds() * 1000
    expect(await refusal(text, { now: now + 399_999 })).toMatchObject({ subject: 'ada' })
    expect(await verify(text, { now: now + 400_000 })).toEqual({
      refused: 'expired',
      detail: expect.any(String),
      expiredAt: seconds() + 100,
    })
    expect(await refusal(text, { now: now + 100_000, skewSeconds: 0 })).toBe('expired')
    expect(await refusal(text, { now: now + 99_999, skewSeconds: 0 })).toMatchObject({ subject: 'ada' })
    expect(await refusal(text, { now: now - 400_000 })).toMatchObject({ subject: 'ada' })
    expect(await refusal(text, { now: now - 400_001 })).toBe('not-yet-valid')
    // The signature is checked before the expiry.
    const [header, claims] = text.split('.')
    expect(
      await refusal(`${header}.${claims}.${Buffer.alloc(256).toString('base64url')}`, { now: now + 400_000 }),
    ).toBe('bad-signature')
  })
})

describe('a provider', () => {
  const discoveryIs = (document: unknown): void => {
    at.documents[DISCOVERY] = document
  }
  const keysAre = (document: unknown): void => {
    at.documents['/keys'] = document
  }
  const answering = (how: typeof at.respond): void => {
    at.respond = how
  }
  test.each<[string, () => void]>([
    ['without discovery', () => void delete at.documents[DISCOVERY]],
    ['that is another', () => discoveryIs({ issuer: `${at.issuer}x`, jwks_uri: at.jwks_uri })],
    [
      'that is a template',
      () =>
        discoveryIs({
          issuer: at.issuer.replace('realm', '{tenantid}'),
          jwks_uri: at.jwks_uri,
        }),
    ],
    ['whose discovery is no JSON', () => discoveryIs('<html>')],
    ['whose discovery is a list', () => discoveryIs([])],
    ['whose discovery is endless', () => discoveryIs({ issuer: at.issuer, x: 'x'.repeat(300_000) })],
    ['without keys', () => discoveryIs({ issuer: at.issuer })],
    ['whose keys are nowhere', () => discoveryIs({ issuer: at.issuer, jwks_uri: 7 })],
    ['whose keys are private', () => discoveryIs({ issuer: at.issuer, jwks_uri: 'https://169.254.169.254/keys' })],
    ['whose keys nobody has', () => discoveryIs({ issuer: at.issuer, jwks_uri: 'https://127.0.0.1:1/keys' })],
    ['whose keys are gone', () => void delete at.documents['/keys']],
    ['whose keys are none', () => keysAre({ keys: 'x' })],
    ['whose keys are too many', () => keysAre({ keys: Array.from({ length: 101 }, () => ({ kty: 'RSA' })) })],
    [
      'whose keys redirect to a private address',
      () =>
        answering(
          (request, response) =>
            request.url === '/keys' && Boolean(response.writeHead(302, { location: 'https://10.0.0.1/' }).end()),
        ),
    ],
    ['that breaks', () => answering((_request, response) => Boolean(response.writeHead(500).end()))],
  ])('%s is unreachable', async (_case, spoil) => {
    spoil()
    expect(await verify(token())).toEqual({ refused: 'unreachable', detail: expect.any(String) })
  })

  test('that does not answer is unreachable, and said to be late', async () => {
    answering(() => true)
    expect(await verify(token())).toEqual({ refused: 'unreachable', detail: expect.any(String), timedOut: true })
  })

  test('with unreadable keys among valid ones is not', async () => {
    const good = (at.documents['/keys'] as { keys: unknown[] }).keys
    at.documents['/keys'] = {
      keys: [null, 7, 'x', {}, { kty: 'quantum', kid: 'one' }, { kty: 'oct', kid: 'one', k: 'AA' }, ...good],
    }
    expect(await verify(token())).toMatchObject({ subject: 'ada' })
  })
})

test('nothing throws', async () => {
  const json = fc.json({ maxDepth: 2 })
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.tuple(json, json, fc.string()).map(([a, b, c]) => raw(a, b, () => c)),
      ),
      async (text) => {
        expect(await verify(text)).toHaveProperty('refused')
        claimedIssuer(text)
      },
    ),
  )
  const good = await token()
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: good.length - 1 }),
      fc.base64String({ minLength: 4, maxLength: 4 }),
      async (place, [character]) => {
        const changed = good.slice(0, place) + character + good.slice(place + 1)
        if (changed !== good) expect(await verify(changed)).toHaveProperty('refused')
      },
    ),
  )
  expect(claimedIssuer(good)).toBe(at.issuer)
})
