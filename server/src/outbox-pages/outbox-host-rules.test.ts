import { expect, test } from 'vitest'
import { isOwnHost } from './outbox-host-rules.ts'

const served = { host: '127.0.0.1', publicUrl: 'https://login.example.com:8443' }

test.each([
  'localhost',
  'localhost:9229',
  'LOCALHOST:9229',
  'auth.localhost:9229',
  '127.0.0.1:9229',
  '127.8.9.10',
  '[::1]:9229',
  'login.example.com',
  'login.example.com:8443',
])('answers to %s', (header) => {
  expect(isOwnHost(header, served)).toBe(true)
})

test.each([
  undefined,
  '',
  'evil.example',
  'evil.example:9229',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '127.evil.example',
  'notlocalhost',
  'login.example.com.evil.example',
  '192.168.0.5:9229',
  '[fe80::1]:9229',
  'user@localhost',
  'localhost:9229, evil.example',
  'localhost/evil',
])('does not answer to %s', (header) => {
  expect(isOwnHost(header, served)).toBe(false)
})

test('answers to the address listened on', () => {
  expect(isOwnHost('192.168.0.5:9229', { ...served, host: '192.168.0.5' })).toBe(true)
  expect(isOwnHost('devbox:9229', { ...served, host: 'devbox' })).toBe(true)
  expect(isOwnHost('[fe80::1]:9229', { ...served, host: 'fe80::1' })).toBe(true)
})

test('listening on all addresses, answers to any IP address but not to any name', () => {
  for (const host of ['0.0.0.0', '::']) {
    expect(isOwnHost('192.168.0.5:9229', { ...served, host })).toBe(true)
    expect(isOwnHost('[fe80::1]:9229', { ...served, host })).toBe(true)
    expect(isOwnHost('evil.example:9229', { ...served, host })).toBe(false)
  }
})
