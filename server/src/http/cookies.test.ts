import { expect, it } from 'vitest'
import { cookieHeader, readCookies } from './cookies.ts'

it('reads cookies, and the first of a name', () => {
  expect([...readCookies('a=1; b=x=y;c; =d; a=2;__proto__=3')]).toEqual([
    ['a', '1'],
    ['b', 'x=y'],
    ['__proto__', '3'],
  ])
  expect([...readCookies(undefined)]).toEqual([])
})

it('writes cookies that no script reads', () => {
  expect(cookieHeader({ name: 'a', value: 'b', path: '/p', secure: true, maxAge: 5 })).toBe(
    'a=b; Path=/p; Max-Age=5; HttpOnly; SameSite=Lax; Secure',
  )
  expect(cookieHeader({ name: 'a', value: 'b', path: '/', secure: false, sameSite: 'None' })).toBe(
    'a=b; Path=/; HttpOnly; SameSite=Lax',
  )
})
