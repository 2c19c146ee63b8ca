import { describe, expect, it } from 'vitest'
import { describedRequest, originalRequest, type ProxyRequest } from './original-request.ts'

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
    'X-Original-Server': 'shop.example.com',
    'X-Original-Framing': 'HTTP/1.1;12;',
    'Content-Length': '0',
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
      hasBody: true,
    })
  })

  it.each([
    ['HTTP/1.1;;', false],
    ['HTTP/1.0;;', false],
    ['HTTP/1.1;0;', false],
    ['HTTP/1.1;7;', true],
    ['HTTP/1.1;;chunked', true],
    ['HTTP/2.0;0;', false],
    ['HTTP/2.0;7;', true],
    // These versions announce no body.
    ['HTTP/2.0;;', undefined],
    ['HTTP/3.0;;', undefined],
  ])('framing %s: body %s', (framing, hasBody) => {
    const request = originalRequest('nginx', asked({ ...headers, 'X-Original-Framing': framing }))
    expect(request).toMatchObject({ hasBody })
  })

  it('is refused without its framing, and when the server was chosen by another name than Host', () => {
    for (const framing of ['', 'HTTP/1.1', ';;', 'HTTP/1.1;0', 'HTTP/1.1;a;'])
      expect(originalRequest('nginx', asked({ ...headers, 'X-Original-Framing': framing }))).toBeUndefined()
    const named = (host: string, server: string) =>
      originalRequest('nginx', asked({ ...headers, 'X-Original-Host': host, 'X-Original-Server': server }))
    expect(named('Shop.example.com:8443', 'shop.example.com')?.host).toBe('Shop.example.com:8443')
    expect(named('[::1]:8443', '[::1]')?.host).toBe('[::1]:8443')
    expect(named('shop.example.com', 'admin.example.com')).toBeUndefined()
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
    hasBody: undefined,
  })
})

it('a length of 0 in the question of another proxy says nothing about the original request', () => {
  const forwarded = { 'x-forwarded-method': 'POST', 'x-forwarded-uri': '/a', 'x-forwarded-host': 'h' }
  const hasBody = (more: Record<string, string>) => [
    originalRequest('traefik', asked({ ...forwarded, ...more }))?.hasBody,
    originalRequest('envoy', asked({ host: 'h', ...more }))?.hasBody,
  ]
  expect(hasBody({})).toEqual([undefined, undefined])
  expect(hasBody({ 'content-length': '0' })).toEqual([undefined, undefined])
  expect(hasBody({ 'content-length': '1' })).toEqual([true, true])
  expect(hasBody({ 'transfer-encoding': 'chunked' })).toEqual([true, true])
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
    hasBody: undefined,
  })
  expect(describedRequest('POST', 'https://h', [['Content-Length', '0']], undefined)?.hasBody).toBe(false)
  expect(describedRequest('POST', 'https://h', [['Content-Length', '5']], undefined)?.hasBody).toBe(true)
  const hosts = ['h', 'h'].map((host) => ['host', host] as const)
  expect(describedRequest('GET', 'https://h', hosts, undefined)).toBeUndefined()
  expect(describedRequest('GET', 'https://h', [['Host', 'other']], 'f0')).toMatchObject({
    rawPath: '/',
    host: 'other',
    bodySha256Hex: 'f0',
  })
  for (const url of ['/a', 'ftp://h/a', 'http://user@h/a', 'http://', ''])
    expect(describedRequest('GET', url, [], undefined)).toBeUndefined()
  expect(describedRequest('get', 'http://h/', [], undefined)).toBeUndefined()
})
