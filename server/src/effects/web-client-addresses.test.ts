// Forbidden addresses, in every spelling: no request may reach them.
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type HostSet, parseHosts } from '../config/allowed-hosts.ts'
import type { WebAnswer, WebFailure } from './effects.ts'
import { createWebClient } from './web-client.ts'

/** A fake resolver; records every name that is looked up. */
const names: Record<string, string[]> = {}
let looked: string[] = []
const lookup = async (host: string): Promise<string[]> => {
  looked.push(host)
  return names[host] ?? []
}
const client = () => createWebClient({ allowed: parseHosts('') as HostSet, loopback: true, lookup, timeoutMs: 2000 })

let connections = 0
/** A server that no request may reach; counts connections. */
const canary = createServer((socket) => {
  connections++
  socket.destroy()
})
const portOf = (server: Server): number => (server.address() as AddressInfo).port
beforeAll(() => new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  canary.close()
  expect(connections).toBe(0)
})
afterEach(() => {
  looked = []
})
const failed = (result: WebAnswer | WebFailure): string | undefined => ('failed' in result ? result.failed : undefined)

const literals = `
  0.0.0.0 0 10.0.0.1 100.64.0.1 100.127.255.255 169.254.169.254 169.254.0.1 172.16.0.1 172.31.255.255
  192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255
  240.0.0.1 255.255.255.255 2852039166 0xa9fea9fe 0xA9.0xFE.0xA9.0xFE 0251.0376.0251.0376 169.254.43518
  169.16689662 025177524776 １６９.２５４.１６９.２５４ 169。254。169。254 167772161 0x0a000001 012.1 10.1 192.168.257
  3232235521 [::] [::2] [::ffff:10.0.0.1] [::ffff:a9fe:a9fe] [::ffff:0:a9fe:a9fe] [::169.254.169.254]
  [64:ff9b::a9fe:a9fe] [64:ff9b::8.8.8.8] [64:ff9b:1::1] [100::1] [2001::1] [2001:db8::1] [2001:10::1]
  [2002:a9fe:a9fe::] [3fff::1] [5f00::1] [fc00::1] [fd00:ec2::254] [fe80::1] [fec0::1] [ff02::1]
`
  .trim()
  .split(/\s+/)
test.each(literals)('refuses %s', async (host) => {
  const result = await client().send({ url: `https://${host}:${portOf(canary)}/` })
  expect(['forbidden-address', 'bad-url']).toContain(failed(result))
  expect(looked).toEqual([])
})

test.each(literals.filter((host) => !host.startsWith('[') && /^[\d.]+$/.test(host)))(
  'not to a name of %s',
  async (host) => {
    const address = new URL(`http://${host}/`).hostname
    names['evil.example'] = [address]
    expect(failed(await client().send({ url: `https://evil.example:${portOf(canary)}/` }))).toBe('forbidden-address')
    expect(looked).toEqual(['evil.example'])
  },
)

test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '127.8.8.8'])(
  'not to %s by a name that does not say so',
  async (address) => {
    names['evil.example'] = [address]
    for (const url of [`https://evil.example:${portOf(canary)}/`, `https://evil.example.:${portOf(canary)}/`]) {
      names['evil.example.'] = [address]
      expect(failed(await client().send({ url }))).toBe('forbidden-address')
    }
  },
)

const noAddresses = `
  ftp://example.com/ file:///etc/passwd gopher://example.com/ data:text/plain,x http://example.com/
  http://10.0.0.1/ https://user@example.com/ https://user:password@example.com/ https:// //example.com/ /x
  https://[::1 https://1.2.3.4.5/ http://localhost.example.com/ http://127.0.0.1.nip.example/
`
  .trim()
  .split(/\s+/)
test.each([
  ...noAddresses,
  '',
  'https://exa mple.com/',
  'https://example.com\\@localhost/'.replace('example.com\\', 'a:b'),
  `https://example.com/${'x'.repeat(5000)}`,
])('refuses %j', async (url) => {
  expect(failed(await client().send({ url }))).toBe('bad-url')
  expect(looked).toEqual([])
})
