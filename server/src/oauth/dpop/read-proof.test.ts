import { createHash, generateKeyPairSync } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeProof, makeProofKey, type ProofKey, type Proving } from '../../../test/dpop.ts'
import { readProof } from './read-proof.ts'

const URL_OF_TOKENS = 'https://auth.example.com/pool/oauth2/token'
const NOW = 1_800_000_000_000
const request = { method: 'POST', urls: ['http://other.example.com/', URL_OF_TOKENS] }

describe('a DPoP proof', () => {
  let key: ProofKey
  beforeAll(async () => {
    key = await makeProofKey()
  })
  const proof = (of: Partial<Proving> = {}): Promise<string> => makeProof(key, { htu: URL_OF_TOKENS, now: NOW, ...of })
  const read = async (text: string | Promise<string>, of = {}) => readProof(await text, { ...request, ...of }, NOW)

  it('says which key signed it, by its thumbprint', async () => {
    expect(await read(proof({ nonce: 'n' }))).toEqual({
      key: key.jkt,
      id: expect.stringMatching(/^[\w-]{43}$/),
      nonce: 'n',
      expiresAt: NOW + 300_000,
    })
  })

  it.each([
    ['ES384', 'P-384'],
    ['ES512', 'P-521'],
  ])('may be signed by %s', async (alg, curve) => {
    const other = await makeProofKey(curve)
    const text = makeProof(other, { htu: URL_OF_TOKENS, now: NOW, header: { alg } })
    expect(await read(text)).toMatchObject({ key: other.jkt })
  })

  it.each(['EdDSA', 'Ed25519'])('may be signed by %s', async (alg) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const jwk = await exportJWK(publicKey)
    const text = await new SignJWT({ jti: 'a', htm: 'POST', htu: URL_OF_TOKENS, iat: NOW / 1000 })
      .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk: jwk as never })
      .sign(privateKey)
    expect(await read(text)).toMatchObject({ key: await calculateJwkThumbprint(jwk) })
  })

  it.each([
    'https://auth.example.com/pool/oauth2/token?x=1#y',
    'HTTPS://AUTH.example.com:443/pool/oauth2/token',
    'https://auth.example.com/pool/./oauth2/token',
  ])('may write the address as %s', async (htu) => expect(await read(proof({ htu }))).toMatchObject({ key: key.jkt }))

  const refused: readonly [string, Partial<Proving>, string][] = [
    ['another type', { header: { typ: 'JWT' } }, 'typ must be dpop+jwt'],
    ['no type', { header: { typ: undefined } }, 'typ must be dpop+jwt'],
    ['no key', { header: { jwk: undefined } }, 'jwk must be a public key of the algorithm, and no private one'],
    [
      'a key that is none',
      { header: { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } } },
      'jwk must be a public key of the algorithm, and no private one',
    ],
    ['another method', { htm: 'GET' }, 'htm is not the method of the request'],
    ['another address', { htu: 'https://auth.example.com/pool/oauth2/par' }, 'htu is not the address of the request'],
    ['another host', { htu: 'https://evil.example.com/pool/oauth2/token' }, 'htu is not the address of the request'],
    [
      'an address with a user',
      { htu: 'https://a@auth.example.com/pool/oauth2/token' },
      'htu is not the address of the request',
    ],
    ['an address that is none', { htu: '/pool/oauth2/token' }, 'htu is not the address of the request'],
    ['no id', { claims: { jti: undefined } }, 'jti is missing'],
    ['an id that is no text', { claims: { jti: 1 } }, 'jti is missing'],
    ['an endless id', { claims: { jti: 'x'.repeat(2049) } }, 'jti is missing'],
    ['no time', { claims: { iat: undefined } }, 'iat is missing'],
    ['a time that is none', { claims: { iat: 'now' } }, 'iat is missing'],
    ['an old time', { now: NOW - 301_000 }, 'iat is not of this time'],
    ['a time to come', { now: NOW + 301_000 }, 'iat is not of this time'],
    ['a nonce that is no text', { claims: { nonce: 1 } }, 'nonce is no text'],
  ]
  it.each(refused)('with %s is refused', async (_, of, problem) => expect(await read(proof(of))).toEqual({ problem }))

  it('is refused for another token, and without one', async () => {
    const of = { accessToken: 'token' }
    const problem = 'ath is not the hash of the access token'
    expect(await read(proof(of), of)).toMatchObject({ key: key.jkt })
    expect(await read(proof({ accessToken: 'other' }), of)).toEqual({ problem })
    expect(await read(proof(), of)).toEqual({ problem })
  })

  const resigned = (header: object, claims: object, sign: (content: string) => string): string => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const content = `${part(header)}.${part(claims)}`
    return `${content}.${sign(content)}`
  }
  const claims = { jti: 'a', htm: 'POST', htu: URL_OF_TOKENS, iat: NOW / 1000 }
  const mac = (content: string) => createHash('sha256').update(content).digest('base64url')

  it.each(['none', 'HS256', 'RS256', 'toString'])('is refused with the algorithm %s', async (alg) => {
    const text = resigned({ typ: 'dpop+jwt', alg, jwk: key.jwk }, claims, mac)
    expect(await read(text)).toEqual({ problem: 'alg must be one of ES256, ES384, ES512, EdDSA, Ed25519' })
  })

  it('is refused with the signature of another key, a changed claim, a private key and demands', async () => {
    const [header = '', , signature = ''] = (await proof()).split('.')
    const other = Buffer.from(JSON.stringify({ ...claims, jti: 'b' })).toString('base64url')
    expect(await read(`${header}.${other}.${signature}`)).toEqual({ problem: 'the signature is wrong' })
    const stranger = await makeProofKey()
    expect(await read(makeProof(stranger, { htu: URL_OF_TOKENS, now: NOW, header: { jwk: key.jwk } }))).toEqual({
      problem: 'the signature is wrong',
    })
    const jwk = await exportJWK(key.privateKey)
    expect(await read(proof({ header: { jwk } }))).toMatchObject({ problem: expect.stringContaining('no private one') })
    const text = resigned({ typ: 'dpop+jwt', alg: 'ES256', jwk: key.jwk, crit: ['b64'], b64: false }, claims, mac)
    expect(await read(text)).toEqual({ problem: 'the header demands too much' })
  })

  it.each(['', 'a', 'a.b.c', 'a.b.c.d.e', 'x'.repeat(5000)])('is not %j', async (text) =>
    expect(await read(text)).toEqual({ problem: 'DPoP must be one token' }),
  )

  it('is one: two, as a repeated header comes, are none', async () =>
    expect(await read(`${await proof()}, ${await proof()}`)).toEqual({ problem: 'DPoP must be one token' }))
})
