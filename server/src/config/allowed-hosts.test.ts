import { describe, expect, test } from 'vitest'
import { parseHosts } from './allowed-hosts.ts'
import { readConfig } from './config.ts'
import { ConfigError } from './config-error.ts'

describe('ALLOWED_PRIVATE_HOSTS', () => {
  test('names, addresses and ranges', () => {
    const set = parseHosts(' IdP.Corp.Internal, keycloak, 10.1.0.0/16,fd00::/8 ,192.168.7.7,,my_host')
    for (const name of ['idp.corp.internal', 'keycloak', 'my_host']) expect(set?.hasName(name)).toBe(true)
    for (const name of ['corp.internal', 'x.idp.corp.internal', '', '10.1.0.1', 'constructor'])
      expect(set?.hasName(name)).toBe(false)
    for (const address of ['10.1.255.1', 'fd12::1', '192.168.7.7']) expect(set?.hasAddress(address)).toBe(true)
    for (const address of ['10.2.0.1', 'fc00::1', '192.168.7.8', 'keycloak'])
      expect(set?.hasAddress(address)).toBe(false)
  })

  test.each([
    '10.0.0.0/33',
    '10.0.0',
    '1.2.3.4.5',
    'https://idp.example',
    'idp example',
    '*.example.com',
    'idp.example:443',
    '-x',
    'a..b',
    '::g',
  ])('%j is neither', (text) => {
    expect(parseHosts(text)).toBeUndefined()
    expect(() => readConfig({ ALLOWED_PRIVATE_HOSTS: text })).toThrow(ConfigError)
  })

  test('is empty unless set', () => {
    const { allowedPrivateHosts } = readConfig({})
    expect([allowedPrivateHosts.hasName('localhost'), allowedPrivateHosts.hasAddress('127.0.0.1')]).toEqual([
      false,
      false,
    ])
  })
})
