import { expect, it } from 'vitest'
import { encodePolicy } from './document-encoding-rules.ts'

it('encodes all but the unreserved characters of RFC 3986 2.3', () => {
  const unreserved = 'ABCXYZabcxyz0189-._~'
  expect(encodePolicy(unreserved)).toBe(unreserved)
  expect(encodePolicy("!'()* +%/\n")).toBe('%21%27%28%29%2A%20%2B%25%2F%0A')
  expect(encodePolicy('ÿ€😀')).toBe('%C3%BF%E2%82%AC%F0%9F%98%80')
  const every = Array.from({ length: 255 }, (_, code) => String.fromCharCode(code + 1)).join('')
  expect(encodePolicy(every)).toMatch(/^[A-Za-z0-9._~%-]+$/)
  expect(decodeURIComponent(encodePolicy(every))).toBe(every)
})
