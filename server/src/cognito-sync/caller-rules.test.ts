import { describe, expect, it } from 'vitest'
import { callerRefusal } from './caller-rules.ts'

const own = { IdentityPoolId: 'us-east-1:11', IdentityId: 'us-east-1:22' }
const identity = { id: own.IdentityId, poolId: own.IdentityPoolId }
const wrongKind = 'This operation cannot be called with the supplied credentials.'

describe('the kind of caller', () => {
  it.each([
    ['SetCognitoEvents', identity, wrongKind],
    ['SetCognitoEvents', undefined, undefined],
    ['RegisterDevice', undefined, wrongKind],
    ['RegisterDevice', identity, undefined],
    ['ListRecords', undefined, undefined],
    ['ListRecords', identity, undefined],
  ] as const)('of %s with %j: %s', (operation, caller, message) => {
    expect(callerRefusal(operation, caller, own, false)?.message).toBe(message)
  })
})

describe('the data of another', () => {
  it.each([
    ['identity', { ...own, IdentityId: 'us-east-1:33' }],
    ['pool', { ...own, IdentityPoolId: 'us-east-1:33' }],
  ])('%s are out of reach of an identity, unless the setting lets policies decide', (_, named) => {
    expect(callerRefusal('ListRecords', identity, named, false)).toEqual({
      refused: 'NotAuthorizedException',
      message: 'An identity may reach its own data only.',
    })
    expect(callerRefusal('ListRecords', identity, named, true)).toBeUndefined()
    expect(callerRefusal('ListRecords', undefined, named, false)).toBeUndefined()
  })
})
