import { describe, expect, test } from 'vitest'
import { distinct, issuerOf } from './oidc-provider-rules.ts'

describe('issuerOf', () => {
  test.each([
    ['https://example.com', 'example.com'],
    ['HTTPS://example.com/A/b/', 'example.com/A/b/'],
    ['https://example.com:8443/x', 'example.com:8443/x'],
    ['http://localhost:9229/us-east-1_x', 'localhost:9229/us-east-1_x'],
    ['http://127.0.0.1:1/x', '127.0.0.1:1/x'],
    ['http://[::1]:1/x', '[::1]:1/x'],
    ['http://a.localhost/x', 'a.localhost/x'],
  ])('%s is %s', (url, issuer) => {
    expect(issuerOf(url)).toBe(issuer)
  })

  test.each([
    'http://localhost.example.com/x',
    'http://127.0.0.1.example.com',
    'http://10.0.0.1/',
    'http://[::2]/',
    'https://a@b',
    'https://a:b@c',
    'https://a?b',
    'https://a?',
    'https://a#',
    'https://a\\b',
    'https:a',
    'https:///a',
    '//a',
    'a',
    '',
    'https://[::1',
    'https://a:99999',
    'https://a\u0000b',
  ])('%j is none', (url) => {
    expect(issuerOf(url)).toBeUndefined()
  })
})

test('distinct keeps the order of first mention', () => {
  expect(distinct(['b', 'a', 'b', '__proto__', 'a'])).toEqual(['b', 'a', '__proto__'])
})
