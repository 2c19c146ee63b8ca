// The keys of providers: how long they are kept, and when they are fetched.
import { describe, expect, test } from 'vitest'
import { DISCOVERY, otherRsa, rsa, useTokenProvider } from '../../../test/token-provider.ts'
import { limits } from '../limits.ts'
import { FAILURE_MS, UNKNOWN_KID_PAUSE_MS } from './provider-keys.ts'

const at = useTokenProvider()
const { clock, publish, refusal, seconds, token, verify } = at

describe('keys are cached', () => {
  const FETCH = [DISCOVERY, '/keys']

  test('and fetched once for concurrent requests', async () => {
    const text = await token()
    const results = await Promise.all(Array.from({ length: 50 }, () => verify(text)))
    expect(results.every((result) => !('refused' in result))).toBe(true)
    expect(at.asked).toEqual(FETCH)
    await verify(text)
    expect(at.asked).toEqual(FETCH)
  })

  test('until they expire, and a withdrawn key is refused then', async () => {
    await verify(token())
    await publish(['two', otherRsa.publicKey])
    clock.advance(limits.keysFresh.max - 1)
    expect(await refusal(token())).toMatchObject({ subject: 'ada' })
    clock.advance(1)
    expect(await refusal(token())).toBe('bad-signature')
    // Fetched because the keys expired; again for the unknown key only after a pause.
    expect(at.asked).toEqual([...FETCH, ...FETCH])
  })

  test('and fetched again for an unknown key id, after a pause', async () => {
    await verify(token())
    await publish(['one', rsa.publicKey], ['two', otherRsa.publicKey])
    clock.advance(UNKNOWN_KID_PAUSE_MS - 1)
    expect(await refusal(token({}, { kid: 'two' }, otherRsa.privateKey))).toBe('bad-signature')
    clock.advance(1)
    expect(await refusal(token({}, { kid: 'two' }, otherRsa.privateKey))).toMatchObject({ subject: 'ada' })
    expect(at.asked).toEqual([...FETCH, ...FETCH])
  })

  test('during a flood of unknown key ids', async () => {
    await verify(token())
    clock.advance(UNKNOWN_KID_PAUSE_MS)
    const texts = await Promise.all(Array.from({ length: 200 }, (_, i) => token({}, { kid: `made-up-${i}` })))
    for (const text of texts) expect(await refusal(text)).toBe('bad-signature')
    await Promise.all(texts.map((text) => refusal(text)))
    expect(at.asked).toEqual([...FETCH, ...FETCH])
    expect(await refusal(token())).toMatchObject({ subject: 'ada' })
  })

  test('for an hour while the provider is unreachable, with fetches at intervals', async () => {
    await verify(token())
    at.respond = (_request, response) => Boolean(response.writeHead(503).end())
    clock.advance(limits.keysFresh.max)
    at.asked = []
    const text = await token({ exp: seconds() + 100_000 })
    for (let i = 0; i < 5; i++) expect(await refusal(text)).toMatchObject({ subject: 'ada' })
    expect(at.asked).toEqual([DISCOVERY])
    clock.advance(FAILURE_MS)
    await refusal(text)
    expect(at.asked).toEqual([DISCOVERY, DISCOVERY])
    clock.advance(limits.keysStale.max - limits.keysFresh.max - FAILURE_MS - 1)
    expect(await refusal(text)).toMatchObject({ subject: 'ada' })
    clock.advance(FAILURE_MS)
    expect(await refusal(text)).toBe('unreachable')
    at.respond = undefined
    expect(await refusal(text)).toBe('unreachable')
    clock.advance(FAILURE_MS)
    expect(await refusal(text)).toMatchObject({ subject: 'ada' })
  })

  test('also when the clock is set back or forward', async () => {
    await verify(token())
    clock.advance(-limits.keysFresh.max)
    await verify(token())
    expect(at.asked).toEqual([...FETCH, ...FETCH])
  })
})
