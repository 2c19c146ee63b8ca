import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { mmdb } from '../../test/mmdb.ts'
import { ConfigError } from '../config/config-error.ts'
import { openKnownAddresses } from './known-addresses.ts'

const folder = mkdtempSync(join(tmpdir(), 'addresses-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const fileOf = (content: string | Buffer): string => {
  const path = join(folder, `file-${files++}`)
  writeFileSync(path, content)
  return path
}
/** As operators do it: another file takes the name. */
const replace = (path: string, content: string | Buffer): void => renameSync(fileOf(content), path)

const open = async (files: { geoipFile?: string; badAddressesFile?: string }) => {
  const lines: string[] = []
  const note = (fields: object, text: string) => void lines.push(`${text} ${JSON.stringify(fields)}`)
  const known = await openKnownAddresses({ geoipFile: undefined, badAddressesFile: undefined, ...files }, {
    info: note,
    warn: note,
  } as never)
  return { ...known, lines }
}
const refusalOf = async (files: Parameters<typeof open>[0]): Promise<string> => {
  const error = await open(files).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ConfigError)
  return (error as ConfigError).message
}

const zurich = {
  city: 'Zurich',
  country: ['CH', 'Switzerland'],
  at: [47.37, 8.54, 20],
} as const satisfies Parameters<typeof mmdb>[0][string]
const zurichPlace = {
  city: 'Zurich',
  country: 'Switzerland',
  countryCode: 'CH',
  coordinates: { latitude: 47.37, longitude: 8.54, radius: 20 },
}

describe('places of addresses', () => {
  it('are those of the database: of IPv4 and IPv6 addresses, and as much as there is', async () => {
    const known = await open({
      geoipFile: fileOf(
        mmdb({
          '192.0.2.0/24': { ...zurich, at: [...zurich.at] },
          '198.51.100.128/25': { country: ['NZ', 'New Zealand'] },
          '203.0.113.7/32': { at: [-33.9, -70.7, 100] },
          '2001:db8:1::/48': { city: 'A'.repeat(250) },
        }),
      ),
    })
    expect(known.placeOf('192.0.2.77')).toEqual(zurichPlace)
    expect(known.placeOf('198.51.100.200')).toEqual({ country: 'New Zealand', countryCode: 'NZ' })
    expect(known.placeOf('203.0.113.7')).toEqual({ coordinates: { latitude: -33.9, longitude: -70.7, radius: 100 } })
    expect(known.placeOf('2001:db8:1:2::3')).toEqual({ city: 'A'.repeat(100) })
    for (const elsewhere of ['198.51.100.7', '203.0.113.8', '2001:db8:2::1', '::1', '127.0.0.1', undefined])
      expect(known.placeOf(elsewhere)).toEqual({})
  })

  it('are those of a database with flat records, whose countries have codes alone', async () => {
    const flat = (as: { [name: string]: string }) => ({ as })
    const known = await open({
      geoipFile: fileOf(
        mmdb({
          '192.0.2.0/24': flat({
            city: 'Zurich',
            country_code: 'CH',
            latitude: '47.37',
            longitude: '8.54',
            state1: 'ZH',
          }),
          '198.51.100.0/24': flat({ country_code: 'NZ', latitude: '', longitude: '' }),
          '203.0.113.0/24': flat({ country_code: 'none', latitude: 'north', longitude: '1' }),
        }),
      ),
    })
    expect(known.placeOf('192.0.2.1')).toEqual({
      ...zurichPlace,
      coordinates: { ...zurichPlace.coordinates, radius: 0 },
    })
    expect(known.placeOf('198.51.100.1')).toEqual({ country: 'New Zealand', countryCode: 'NZ' })
    expect(known.placeOf('203.0.113.1')).toEqual({ countryCode: 'none' })
  })

  it('are not known without a database', async () => {
    expect((await open({})).placeOf('192.0.2.77')).toEqual({})
  })

  it('are those of the file that takes its place, and a broken one changes nothing but the log', async () => {
    const geoipFile = fileOf(mmdb({ '192.0.2.0/24': { city: 'Zurich' } }))
    const known = await open({ geoipFile })
    await known.refresh()
    expect(known.lines).toEqual([])
    replace(geoipFile, mmdb({ '192.0.2.0/24': { city: 'Geneva' } }))
    await known.refresh()
    expect(known.placeOf('192.0.2.77')).toEqual({ city: 'Geneva' })
    expect(known.lines).toEqual([expect.stringContaining('the file has changed and was read again')])
    replace(geoipFile, 'no database')
    await known.refresh()
    await known.refresh()
    rmSync(geoipFile)
    await known.refresh()
    await known.refresh()
    expect(known.placeOf('192.0.2.77')).toEqual({ city: 'Geneva' })
    // One line for each change.
    expect(known.lines.slice(1)).toEqual([
      expect.stringMatching(/what was read before stays .*GEOIP_FILE.*MaxMind's format/),
      expect.stringMatching(/what was read before stays .*GEOIP_FILE.*no such file/),
    ])
    writeFileSync(geoipFile, mmdb({ '192.0.2.0/24': { city: 'Basel' } }))
    await known.refresh()
    expect(known.placeOf('192.0.2.77')).toEqual({ city: 'Basel' })
  })

  const whole = mmdb({ '192.0.2.0/24': { city: 'Zurich' } })
  it.each([
    ['is missing', undefined, /no such file/],
    ['is something else', Buffer.from('<html>'), /no database in MaxMind's format/],
    ['is empty', Buffer.alloc(0), /no database in MaxMind's format/],
    ['lacks its end', whole.subarray(0, 800), /no database in MaxMind's format/],
    ['lacks its beginning', whole.subarray(600), /no database in MaxMind's format|cut short/],
    [
      'has no places',
      mmdb({}, 'GeoLite2-ASN'),
      /it is a database of the type GeoLite2-ASN, and one of cities or countries is needed/,
    ],
  ])('a file that %s refuses the start and is named', async (_, content, problem) => {
    const geoipFile = content === undefined ? join(folder, 'none') : fileOf(content)
    const message = await refusalOf({ geoipFile })
    expect(message).toContain(`GEOIP_FILE names ${geoipFile}, which cannot be used: `)
    expect(message).toMatch(problem)
  })

  it('a damaged record is no place, and ends nothing', async () => {
    const bytes = mmdb({ '192.0.2.0/24': { city: 'Zurich' }, '192.0.3.0/24': { city: 'Bern' } })
    // The length of the name then leads beyond the end of the file.
    const at = bytes.indexOf('Bern') - 1
    bytes.fill(0xff, at, at + 4)
    const known = await open({ geoipFile: fileOf(bytes) })
    expect(known.placeOf('192.0.2.1')).toEqual({ city: 'Zurich' })
    expect(known.placeOf('192.0.3.1')).toEqual({})
    expect(known.lines).toEqual([expect.stringContaining('the place of an address cannot be read')])
  })
})

describe('addresses that are known to be bad', () => {
  it('are those of the list: addresses, ranges of every length, comments', async () => {
    const known = await open({
      badAddressesFile: fileOf(`# a list
192.0.2.7
198.51.100.0/25 # half a network
10.0.0.0/8\r
203.0.113.4/30 ; four

2001:db8::/33
2001:db8:ffff::1
::ffff:192.0.2.99
fe80::5efe:192.0.2.1
`),
    })
    const bad = ['192.0.2.7', '198.51.100.0', '198.51.100.127', '10.255.0.1', '203.0.113.7', '192.0.2.99']
    const badIPv6 = ['2001:db8:7fff::1', '2001:db8:ffff::1', 'fe80::5efe:c000:201']
    for (const address of [...bad, ...badIPv6]) expect([address, known.isBad(address)]).toEqual([address, true])
    const good = ['192.0.2.8', '198.51.100.128', '11.0.0.0', '203.0.113.8', '203.0.113.3', '0.0.0.0']
    const goodIPv6 = ['2001:db8:8000::1', '2001:db8:ffff::2', '::', '::1']
    for (const address of [...good, ...goodIPv6, undefined])
      expect([address, known.isBad(address)]).toEqual([address, false])
  })

  it('of 0 bits is everybody of one kind', async () => {
    const known = await open({ badAddressesFile: fileOf('0.0.0.0/0') })
    expect([known.isBad('192.0.2.1'), known.isBad('2001:db8::1')]).toEqual([true, false])
  })

  it.each(['192.0.2.256', '192.0.2.0/33', '2001:db8::/129', '2001:db8::1%eth0', 'example.com', '192.0.2.0/', '1.2.3'])(
    'are none with a line %s, which is told',
    async (line) => {
      expect(await refusalOf({ badAddressesFile: fileOf(`192.0.2.1\n${line}\n`) })).toContain(
        `line 2 is no address and no range: ${line}`,
      )
    },
  )

  it('are those of the list that takes its place', async () => {
    const badAddressesFile = fileOf('192.0.2.1')
    const known = await open({ badAddressesFile })
    replace(badAddressesFile, '192.0.2.2')
    await known.refresh()
    expect([known.isBad('192.0.2.1'), known.isBad('192.0.2.2')]).toEqual([false, true])
    replace(badAddressesFile, 'example.com')
    await known.refresh()
    expect(known.isBad('192.0.2.2')).toBe(true)
    replace(badAddressesFile, '')
    await known.refresh()
    expect(known.isBad('192.0.2.2')).toBe(false)
  })

  it('are found in a list that is read in parts: every address of it, and no other', async () => {
    const address = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`
    const list = Array.from({ length: 20_000 }, (_, n) => address(n * 2))
    const known = await open({ badAddressesFile: fileOf(list.join('\n')) })
    const wrong = Array.from({ length: 40_000 }, (_, n) => n).filter((n) => known.isBad(address(n)) !== (n % 2 === 0))
    expect(wrong).toEqual([])
  })
})
