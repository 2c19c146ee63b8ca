import { describe, expect, it } from 'vitest'
import type { ExplicitAuthFlowsType } from '../../contract/cognito-idp.types.ts'
import { type AuthFlow, allowsFlow, authFlowRefusal } from './auth-flow-rules.ts'

const FLOWS: readonly AuthFlow[] = [
  'USER_SRP_AUTH',
  'USER_PASSWORD_AUTH',
  'ADMIN_USER_PASSWORD_AUTH',
  'REFRESH_TOKEN_AUTH',
  'CUSTOM_AUTH',
  'USER_AUTH',
]
const allowed = (ExplicitAuthFlows: ExplicitAuthFlowsType[] | undefined, rotation?: 'ENABLED' | 'DISABLED') =>
  FLOWS.filter((flow) =>
    allowsFlow({ ExplicitAuthFlows, RefreshTokenRotation: rotation && { Feature: rotation } }, flow),
  ).sort()

const ALWAYS = ['CUSTOM_AUTH', 'REFRESH_TOKEN_AUTH', 'USER_SRP_AUTH']

describe('a client allows', () => {
  it('SRP, custom and refresh when no list was ever set', () => {
    expect(allowed(undefined)).toEqual(ALWAYS)
    expect(allowed([])).toEqual(ALWAYS)
  })

  it.each([
    ['ALLOW_USER_SRP_AUTH', 'USER_SRP_AUTH'],
    ['ALLOW_USER_PASSWORD_AUTH', 'USER_PASSWORD_AUTH'],
    ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_USER_PASSWORD_AUTH'],
    ['ALLOW_REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN_AUTH'],
    ['ALLOW_CUSTOM_AUTH', 'CUSTOM_AUTH'],
    ['ALLOW_USER_AUTH', 'USER_AUTH'],
  ] as const)('with %s exactly %s', (value, flow) => {
    expect(allowed([value])).toEqual([flow])
  })

  it('with several values exactly their flows', () => {
    expect(allowed(['ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'])).toEqual(['REFRESH_TOKEN_AUTH', 'USER_AUTH'])
  })

  it.each([
    [['USER_PASSWORD_AUTH'], [...ALWAYS, 'USER_PASSWORD_AUTH']],
    [['ADMIN_NO_SRP_AUTH'], ['ADMIN_USER_PASSWORD_AUTH', ...ALWAYS]],
    [['CUSTOM_AUTH_FLOW_ONLY'], ['CUSTOM_AUTH', 'REFRESH_TOKEN_AUTH']],
    [
      ['CUSTOM_AUTH_FLOW_ONLY', 'ADMIN_NO_SRP_AUTH'],
      ['ADMIN_USER_PASSWORD_AUTH', 'CUSTOM_AUTH', 'REFRESH_TOKEN_AUTH'],
    ],
  ] as [ExplicitAuthFlowsType[], AuthFlow[]][])('with the older values %j %j', (list, flows) => {
    expect(allowed(list)).toEqual([...flows].sort())
  })

  it('no refresh by sign-in when its refresh tokens rotate', () => {
    expect(allowed(undefined, 'ENABLED')).toEqual(['CUSTOM_AUTH', 'USER_SRP_AUTH'])
    expect(allowed(['USER_PASSWORD_AUTH'], 'ENABLED')).not.toContain('REFRESH_TOKEN_AUTH')
    expect(allowed(['ALLOW_REFRESH_TOKEN_AUTH'], 'DISABLED')).toEqual(['REFRESH_TOKEN_AUTH'])
  })
})

const refusalOf = (client: Parameters<typeof authFlowRefusal>[0], hasSecret = false) =>
  authFlowRefusal(client, hasSecret)

describe('a list of flows', () => {
  it('with ALLOW_CLIENT_TOKEN_AUTH has nothing else in it, and allows no user to sign in', () => {
    expect(allowed(['ALLOW_CLIENT_TOKEN_AUTH'])).toEqual([])
    expect(refusalOf({ ExplicitAuthFlows: ['ALLOW_CLIENT_TOKEN_AUTH'] }, true)).toBeUndefined()
    expect(refusalOf({ ExplicitAuthFlows: ['ALLOW_CLIENT_TOKEN_AUTH'] })?.message).toBe(
      'ALLOW_CLIENT_TOKEN_AUTH can not be used if client does not have a client secret.',
    )
    for (const other of ['ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const)
      expect(refusalOf({ ExplicitAuthFlows: [other, 'ALLOW_CLIENT_TOKEN_AUTH'] }, true)?.message).toBe(
        'ALLOW_CLIENT_TOKEN_AUTH can not be used with any other auth flow.',
      )
  })

  it('is refused when it mixes older and newer values', () => {
    expect(refusalOf({ ExplicitAuthFlows: ['ADMIN_NO_SRP_AUTH', 'ALLOW_USER_SRP_AUTH'] })).toEqual({
      refused: 'InvalidParameterException',
      message: "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
    })
  })

  it('is refused with ALLOW_REFRESH_TOKEN_AUTH where refresh tokens rotate', () => {
    const list = { ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH' as const] }
    expect(refusalOf({ ...list, RefreshTokenRotation: { Feature: 'ENABLED' } })).toEqual({
      refused: 'InvalidParameterException',
      message: 'ALLOW_REFRESH_TOKEN_AUTH can not be used when refresh token rotation is enabled.',
    })
    expect(refusalOf({ ...list, RefreshTokenRotation: { Feature: 'DISABLED' } })).toBeUndefined()
  })

  it('may be empty, all older, all newer, or without refresh', () => {
    expect(refusalOf({ RefreshTokenRotation: { Feature: 'ENABLED' } })).toBeUndefined()
    expect(refusalOf({ ExplicitAuthFlows: ['ADMIN_NO_SRP_AUTH', 'USER_PASSWORD_AUTH'] })).toBeUndefined()
    expect(refusalOf({ ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_AUTH'] })).toBeUndefined()
  })
})
