import { describe, expect, it, test } from 'vitest'
import { type AddressSet, parseAddressRanges } from '../config/address-ranges.ts'
import { clientAddress, clientNetwork, plainAddress } from './client-address.ts'

const set = (text: string): AddressSet => parseAddressRanges(text) as AddressSet
const trusted = set('10.0.0.0/8, 2001:db8:ffff::/48')

describe("the client's address", () => {
  it("is the peer's when the peer is no trusted proxy, whatever X-Forwarded-For says", () => {
    expect(clientAddress('192.0.2.1', [], trusted)).toBe('192.0.2.1')
    expect(clientAddress('192.0.2.1', ['127.0.0.1'], trusted)).toBe('192.0.2.1')
    expect(clientAddress('192.0.2.1', ['127.0.0.1'], set(''))).toBe('192.0.2.1')
    expect(clientAddress(undefined, ['127.0.0.1'], trusted)).toBeUndefined()
  })

  it('is what the nearest proxy saw, and not what the client wrote before it', () => {
    expect(clientAddress('10.0.0.1', ['192.0.2.1'], trusted)).toBe('192.0.2.1')
    expect(clientAddress('10.0.0.1', ['127.0.0.1, 192.0.2.1'], trusted)).toBe('192.0.2.1')
    expect(clientAddress('10.0.0.1', ['127.0.0.1', '192.0.2.1'], trusted)).toBe('192.0.2.1')
    expect(clientAddress('::ffff:10.0.0.1', ['10.9.9.9, 192.0.2.1 , 10.0.0.2'], trusted)).toBe('192.0.2.1')
    expect(clientAddress('2001:db8:ffff::1', ['2001:DB8::0:7'], trusted)).toBe('2001:db8::7')
  })

  it('is the farthest proxy when every address is a trusted proxy', () => {
    expect(clientAddress('10.0.0.1', [], trusted)).toBe('10.0.0.1')
    expect(clientAddress('10.0.0.1', ['10.0.0.3, 10.0.0.2'], trusted)).toBe('10.0.0.3')
  })

  it('is the last valid address when X-Forwarded-For is not a list of addresses', () => {
    for (const text of ['', 'unknown', '192.0.2.1, ', '192.0.2.1, _hidden', '1.2.3', '::1::2', 'x'.repeat(10_000)])
      expect(clientAddress('10.0.0.1', [text], trusted)).toBe('10.0.0.1')
  })
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  [' 192.0.2.1 ', '192.0.2.1'],
  ['192.0.2.1:50000', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:c000:201', '192.0.2.1'],
  ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['', undefined],
  ['192.0.2.256', undefined],
  ['192.0.2.1.', undefined],
  ['localhost', undefined],
  ['[::1', undefined],
  ['::1:', undefined],
])('%s is the address %s', (text, address) => {
  expect(plainAddress(text)).toBe(address)
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['1::', '1:0:0:0::/64'],
  ['1:2:3:4::', '1:2:3:4::/64'],
  ['1::5:6:7:8', '1:0:0:0::/64'],
  ['1::4:5:6:7:8', '1:0:0:4::/64'],
  ['::192.0.2.1', '0:0:0:0::/64'],
])('%s counts as the client network %s', (address, network) => {
  expect(clientNetwork(address)).toBe(network)
})

describe('a set of addresses', () => {
  it('contains the addresses of its ranges and no others', () => {
    const some = set(' 192.0.2.7, 10.0.0.0/8 ,2001:db8::/32,, ')
    for (const address of ['192.0.2.7', '10.255.0.1', '2001:db8:9::1']) expect(some.has(address)).toBe(true)
    for (const address of ['192.0.2.8', '11.0.0.1', '2001:db9::1', '::1', 'x', ''])
      expect(some.has(address)).toBe(false)
    expect(set('').has('127.0.0.1')).toBe(false)
    expect(set('0.0.0.0/0').has('127.0.0.1')).toBe(true)
    expect(set('0.0.0.0/0').has('::1')).toBe(false)
  })

  it.each(['x', '10.0.0.0/33', '::/129', '10.0.0.0/', '/8', '10.0.0/8', '10.0.0.0/8/8', '10.0.0.0/-1', 'fe80::%lo/64'])(
    'is not %s',
    (text) => {
      expect(parseAddressRanges(`192.0.2.1, ${text}`)).toBeUndefined()
    },
  )
})
