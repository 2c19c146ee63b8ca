import { expect, it } from 'vitest'
import { recoveryRefusal, unknownNameRefusal } from './existence-rules.ts'

const LEGACY = { ClientName: 'app', PreventUserExistenceErrors: 'LEGACY' as const }
const ENABLED = { ClientName: 'app', PreventUserExistenceErrors: 'ENABLED' as const }
const UNSET = { ClientName: 'app' }
const NOT_FOUND = { refused: 'UserNotFoundException', message: 'Username/client id combination not found.' }

it('refuses an unknown user unless the client hides who exists', () => {
  expect(unknownNameRefusal(LEGACY)).toEqual(NOT_FOUND)
  expect(unknownNameRefusal(UNSET)).toEqual(NOT_FOUND)
  expect(unknownNameRefusal(ENABLED)).toBeUndefined()
})

it.each([
  ['unknown', 'UserNotFoundException', true],
  ['disabled', 'NotAuthorizedException', true],
  ['no-contact', 'InvalidParameterException', true],
  ['wrong-state', 'NotAuthorizedException', false],
  ['admin-only', 'NotAuthorizedException', false],
] as const)('words the reason %s, and hides it: %s, %s', (reason, name, hidden) => {
  expect(recoveryRefusal(LEGACY, reason)?.refused).toBe(name)
  expect(recoveryRefusal(ENABLED, reason)?.refused).toBe(hidden ? undefined : name)
})
