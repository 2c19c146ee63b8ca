import { expect, it } from 'vitest'
import { isOwnForm } from './csrf.ts'

const own = (
  headers: Record<string, string>,
  cookie: string | undefined = 'token',
  field: string | undefined = 'token',
) => isOwnForm({ header: (name) => headers[name], hosts: ['id.example.com', 'localhost:9229'], cookie, field })

it('takes a form of its own page, and one of a program', () => {
  expect(own({})).toBe(true)
  expect(own({ origin: 'https://id.example.com', 'sec-fetch-site': 'same-origin' })).toBe(true)
  expect(own({ origin: 'http://localhost:9229' })).toBe(true)
})

it('refuses a form of another origin, and one without the token of its cookie', () => {
  expect(own({ 'sec-fetch-site': 'cross-site' })).toBe(false)
  expect(own({ 'sec-fetch-site': 'same-site' })).toBe(false)
  expect(own({ origin: 'https://evil.example' })).toBe(false)
  expect(own({ origin: 'https://id.example.com.evil.example' })).toBe(false)
  expect(own({ origin: 'null' })).toBe(false)
  expect(own({}, 'token', 'other')).toBe(false)
  expect(isOwnForm({ header: () => undefined, hosts: [], cookie: undefined, field: undefined })).toBe(false)
  expect(isOwnForm({ header: () => undefined, hosts: [], cookie: undefined, field: 'x' })).toBe(false)
})
