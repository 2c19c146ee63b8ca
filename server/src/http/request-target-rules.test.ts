import { describe, expect, it } from 'vitest'
import { readRequestTarget } from './request-target-rules.ts'

const read = (url: string, hosts: string[], { method = 'POST', httpVersion = '1.1' } = {}) =>
  readRequestTarget({ method, url, httpVersion, rawHeaders: hosts.flatMap((host) => ['HoSt', host]) })

describe('the target', () => {
  it.each([
    ['/a/b?c=/d', '/a/b?c=/d'],
    ['//a', '//a'],
    ['http://id.example.com:9229', '/'],
    ['http://id.example.com:9229/', '/'],
    ['http://id.example.com:9229?a=b', '/?a=b'],
    ['HTTP://ID.example.com:9229/a%2Fb?c', '/a%2Fb?c'],
  ])('%s is %s', (url, target) => {
    expect(read(url, ['id.example.com:9229'])).toEqual({ target })
  })

  it('has the port of its scheme where it names none', () => {
    expect(read('http://a/x', ['a:80'])).toEqual({ target: '/x' })
    expect(read('https://a/x', ['a:443'])).toEqual({ target: '/x' })
    expect(read('https://a:443/x', ['a'])).toEqual({ target: '/x' })
    expect(read('http://[::1]/x', ['[::1]:80'])).toEqual({ target: '/x' })
    expect(read('https://a/x', ['a:80'])).toHaveProperty('problem')
  })

  it('of OPTIONS may be the server', () => {
    expect(read('*', ['a'], { method: 'OPTIONS' })).toEqual({ target: '/' })
    expect(read('*', ['a'])).toHaveProperty('problem')
  })

  it.each(['', 'a', 'a:1', 'ftp://a/', 'http:/a', 'http://', 'http://a@a/', 'http://a\\b/', 'http:///a'])(
    'may not be %j',
    (url) => {
      expect(read(url, ['a'])).toEqual({ problem: 'The target of a request must be a path or a URL.' })
    },
  )

  it('may not name another host than the Host header', () => {
    const problem = 'The target of the request and its Host header name different hosts.'
    for (const url of ['http://b/', 'http://a:81/', 'http://a.b/']) expect(read(url, ['a'])).toEqual({ problem })
  })
})

describe('the host', () => {
  it('is one', () => {
    const problem = 'A request must have one Host header.'
    for (const hosts of [[], ['a', 'a'], ['a', 'b']]) expect(read('/', hosts)).toEqual({ problem })
    expect(read('/', [], { httpVersion: '1.0' })).toEqual({ target: '/' })
    expect(read('/', ['a', 'b'], { httpVersion: '1.0' })).toEqual({ problem })
  })

  it.each(['a', 'a.b-c_d:1', '127.0.0.1:9229', '[::1]', '[fe80::1]:9229'])('may be %s', (host) => {
    expect(read('/', [host])).toEqual({ target: '/' })
  })

  it.each(['', 'a, b', 'a,b', 'a b', 'user@a', 'a/b', 'a:', 'a:x', 'a:123456', '::1', '[a', 'a\\b', 'ä'])(
    'may not be %j',
    (host) => {
      expect(read('/', [host])).toEqual({ problem: 'The Host header must be a name or an address.' })
    },
  )
})
