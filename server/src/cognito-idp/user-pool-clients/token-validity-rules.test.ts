import { describe, expect, it } from 'vitest'
import { tokenValidityRefusal } from './token-validity-rules.ts'

const DAY = 86_400
const good = { access: 3600, id: 3600, refresh: 30 * DAY }
const RANGE = 'Invalid range for token validity.'

describe('the life of tokens', () => {
  it.each([
    ['the default', {}],
    ['the shortest', { access: 300, id: 300, refresh: 3600 }],
    ['the longest', { access: DAY, id: DAY, refresh: 3650 * DAY }],
    ['as long as that of the refresh token', { refresh: 3600 }],
  ])('may be %s', (_, change) => {
    expect(tokenValidityRefusal({ ...good, ...change })).toBeUndefined()
  })

  it.each([
    [{ access: 299 }],
    [{ id: 299 }],
    [{ access: DAY + 1 }],
    [{ id: DAY + 1 }],
    [{ refresh: 3599 }],
    [{ refresh: 3650 * DAY + 1 }],
  ])('may not be %o', (change) => {
    expect(tokenValidityRefusal({ ...good, ...change })).toEqual({
      refused: 'InvalidParameterException',
      message: RANGE,
    })
  })

  it.each([[{ access: 3601 }], [{ id: 3601 }]])('may not be %o with refresh tokens for an hour', (change) => {
    expect(tokenValidityRefusal({ ...good, refresh: 3600, ...change })?.message).toBe(
      'Access and Id Token expiration times must be less than or equal to refresh token expiration times.',
    )
  })
})
