import { describe, expect, test } from 'vitest'
import { parseAddressRanges } from '../config/address-ranges.ts'
import { isLoopbackHost, type OutboxRequest, type OutboxSettings, outboxProblem } from './outbox-caller-rules.ts'

const addresses = (text: string) => parseAddressRanges(text) as NonNullable<ReturnType<typeof parseAddressRanges>>
const local: OutboxRequest = {
  peer: '127.0.0.1',
  client: '127.0.0.1',
  forwarded: false,
  httpVersion: '1.1',
  hostHeader: 'localhost:9229',
}
const settings = (more: Partial<OutboxSettings> = {}): OutboxSettings => ({
  outboxCallers: undefined,
  trustedProxies: addresses(''),
  host: '127.0.0.1',
  publicUrl: 'https://login.example.com:8443',
  ...more,
})

describe('without OUTBOX_CALLERS', () => {
  test.each<Partial<OutboxRequest>>([{}, { peer: '::1' }, { peer: '127.8.9.10' }, { hostHeader: '[::1]:9229' }])(
    'this machine may read: %j',
    (more) => {
      expect(outboxProblem({ ...local, ...more }, settings())).toBeUndefined()
    },
  )

  test.each<Partial<OutboxRequest>>([
    { peer: '192.168.0.5' },
    { peer: '10.0.0.1', client: '127.0.0.1' },
    { peer: undefined },
    { forwarded: true },
    { httpVersion: '1.0' },
  ])('others may not, nor what a proxy passed on: %j', (more) => {
    for (const trustedProxies of [addresses(''), addresses('127.0.0.1, 10.0.0.1')])
      expect(outboxProblem({ ...local, ...more }, settings({ trustedProxies, host: '0.0.0.0' }))).toMatch(
        /^The outbox answers this machine alone.*OUTBOX_CALLERS/,
      )
  })

  test.each(['evil.example', 'login.example.com', '192.168.0.5', undefined])('not under the name %s', (hostHeader) => {
    expect(outboxProblem({ ...local, hostHeader }, settings({ host: '0.0.0.0' }))).toBe(
      'The outbox answers this machine under the name localhost.',
    )
  })
})

describe('with OUTBOX_CALLERS', () => {
  const outboxCallers = addresses('10.0.0.0/8')
  const given = (more: Partial<OutboxRequest>, with_: Partial<OutboxSettings> = {}) =>
    outboxProblem({ ...local, ...more }, settings({ outboxCallers, ...with_ }))

  test('those may read, under a name of this server', () => {
    for (const hostHeader of ['localhost', '127.0.0.1:9229', 'login.example.com'])
      expect(given({ peer: '10.1.2.3', client: '10.1.2.3', hostHeader })).toBeUndefined()
    expect(given({ peer: '10.1.2.3', client: '10.1.2.3', hostHeader: 'evil.example' })).toMatch(/own name only/)
    expect(given({ peer: '10.1.2.3', client: '10.1.2.3', hostHeader: '192.168.0.5:9229' })).toMatch(/own name only/)
  })

  test('listening on one address, or on all, that address is a name of this server', () => {
    const caller = { peer: '10.1.2.3', client: '10.1.2.3' }
    expect(given({ ...caller, hostHeader: 'devbox:9229' }, { host: 'devbox' })).toBeUndefined()
    for (const host of ['0.0.0.0', '::']) {
      expect(given({ ...caller, hostHeader: '192.168.0.5:9229' }, { host })).toBeUndefined()
      expect(given({ ...caller, hostHeader: '[fe80::1]' }, { host })).toBeUndefined()
      expect(given({ ...caller, hostHeader: 'evil.example' }, { host })).toMatch(/own name only/)
    }
  })

  test('others may not, this machine among them', () => {
    for (const address of ['127.0.0.1', '192.0.2.1'])
      expect(given({ peer: address, client: address })).toMatch(/^The outbox does not answer this address/)
  })

  test('a client behind a proxy may when the proxy is trusted', () => {
    const behind = { peer: '192.0.2.1', client: '10.1.2.3', forwarded: true }
    expect(given(behind)).toMatch(/TRUSTED_PROXIES/)
    expect(given(behind, { trustedProxies: addresses('192.0.2.1') })).toBeUndefined()
    // A proxy whose own address may read, but that is not trusted: its clients may be anybody.
    expect(given({ peer: '10.0.0.1', client: '10.0.0.1', forwarded: true })).toMatch(/TRUSTED_PROXIES/)
  })
})

test.each(['localhost', 'LOCALHOST:9229', 'auth.localhost:9229', '127.0.0.1:9229', '127.8.9.10', '[::1]:9229'])(
  '%s is this machine',
  (header) => {
    expect(isLoopbackHost(header)).toBe(true)
  },
)

test.each([
  undefined,
  '',
  'evil.example',
  'evil.example:9229',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '127.evil.example',
  'notlocalhost',
  '192.168.0.5:9229',
  '[fe80::1]:9229',
  'user@localhost',
  'localhost:9229, evil.example',
  'localhost/evil',
])('%s is not', (header) => {
  expect(isLoopbackHost(header)).toBe(false)
})
