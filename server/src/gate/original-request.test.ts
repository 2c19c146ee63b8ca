import { describe, expect, it } from 'vitest'
import { describedRequest, isPlainHost, isPlainPath, originalRequest, type ProxyRequest } from './original-request.ts'

const asked = (headers: Record<string, string>, more: Partial<ProxyRequest> = {}): ProxyRequest => ({
  method: 'GET',
  rest: '/',
  rawQuery: '',
  headers: Object.entries(headers),
  ...more,
})

describe('nginx', () => {
  const headers = {
    Host: '127.0.0.1:9229',
    'X-Original-Method': 'POST',
    'X-Original-URI': '/a%20b?x=1&y',
    'X-Original-Host': 'shop.example.com',
    'X-Original-Content-Length': '12',
    Authorization: 'AWS4-HMAC-SHA256 …',
  }

  it('sends the original request in X-Original headers', () => {
    expect(originalRequest('nginx', asked(headers))).toEqual({
      method: 'POST',
      rawPath: '/a%20b',
      rawQuery: 'x=1&y',
      host: 'shop.example.com',
      headers: expect.arrayContaining([
        ['Authorization', 'AWS4-HMAC-SHA256 …'],
        ['content-length', '12'],
        ['host', 'shop.example.com'],
      ]),
    })
  })

  it('is not read from headers of another proxy', () => {
    const theirs = { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/public', 'X-Forwarded-Host': 'h' }
    expect(originalRequest('nginx', asked({ ...headers, ...theirs }))?.rawPath).toBe('/a%20b')
    expect(originalRequest('nginx', asked(theirs))).toBeUndefined()
    expect(originalRequest('traefik', asked(headers))).toBeUndefined()
    expect(originalRequest('traefik', asked({ ...headers, ...theirs }))).toMatchObject({
      rawPath: '/public',
      host: 'h',
    })
  })

  it('is refused when a header is repeated', () => {
    const twice: ProxyRequest = {
      ...asked(headers),
      headers: [...Object.entries(headers), ['x-original-uri', '/public']],
    }
    expect(originalRequest('nginx', twice)).toBeUndefined()
  })
})

it('Envoy sends the request itself, its path behind the prefix', () => {
  const request = asked({ Host: 'shop.example.com', a: 'b' }, { method: 'PUT', rest: '/a/b', rawQuery: 'x=1' })
  expect(originalRequest('envoy', request)).toEqual({
    method: 'PUT',
    rawPath: '/a/b',
    rawQuery: 'x=1',
    host: 'shop.example.com',
    headers: [
      ['a', 'b'],
      ['host', 'shop.example.com'],
    ],
  })
})

it('other kinds of proxies are unknown', () => {
  expect(originalRequest('constructor', asked({}))).toBeUndefined()
  expect(originalRequest('apache', asked({}))).toBeUndefined()
})

it('a description contains the URL as sent', () => {
  expect(describedRequest('GET', 'https://h.example:8443/a/../b?x=%2F#y', [], undefined)).toEqual({
    method: 'GET',
    rawPath: '/a/../b',
    rawQuery: 'x=%2F',
    host: 'h.example:8443',
    headers: [['host', 'h.example:8443']],
  })
  expect(describedRequest('GET', 'https://h', [['Host', 'other']], 'f0')).toMatchObject({
    rawPath: '/',
    host: 'other',
    bodySha256Hex: 'f0',
  })
  for (const url of ['/a', 'ftp://h/a', 'http://user@h/a', 'http://', ''])
    expect(describedRequest('GET', url, [], undefined)).toBeUndefined()
  expect(describedRequest('get', 'http://h/', [], undefined)).toBeUndefined()
})

it.each(['/', '/a', '/a/b/', '/a%20b', '/a.b/..c', '/%C3%A4', '/a%3Ab%40c%25d%7B', '/~a_b-c'])(
  '%s can be read in one way',
  (path) => {
    expect(isPlainPath(path)).toBe(true)
  },
)

it.each(['/a/../b', '/./a', '//a', '/a//b', '/a/..', '/a%2fb', '/%2E%2e/a', '/a%5Cb', '/a\\b', '/a%00', 'a', ''])(
  '%s can be read in more than one way',
  (path) => {
    expect(isPlainPath(path)).toBe(false)
  },
)

it('needlessly encoded unreserved characters are ambiguous', () => {
  const unreserved = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'
  for (let byte = 1; byte < 256; byte++) {
    const hex = byte.toString(16).padStart(2, '0')
    const plain = !`${unreserved}/\\`.includes(String.fromCharCode(byte))
    for (const path of [`/a%${hex}`, `/a%${hex.toUpperCase()}`])
      expect([path, isPlainPath(path)]).toEqual([path, plain])
  }
  expect(isPlainPath('/public#/admin')).toBe(false)
})

it.each([
  ['shop.example.com', true],
  ['shop_1.example.com:8443', true],
  ['[::1]:80', true],
  ['a/b', false],
  ['a:b', false],
  ['a b', false],
  ['a,b', false],
  ['*', false],
  ['', false],
])('the host %s is nothing but a host: %s', (host, plain) => {
  expect(isPlainHost(host)).toBe(plain)
})
