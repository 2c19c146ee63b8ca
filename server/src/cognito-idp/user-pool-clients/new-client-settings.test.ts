import { describe, expect, it } from 'vitest'
import { refreshTokenSeconds } from '../tokens/lifetimes.ts'
import { newClientSettings } from './new-client-settings.ts'

describe('the settings of a client', () => {
  it('have no member that is undefined', () => {
    expect(Object.values(newClientSettings('x', {}))).not.toContain(undefined)
  })

  it.each(['seconds', 'minutes', 'hours', 'days'] as const)(
    'mean thirty days by default, also in %s',
    (RefreshToken) => {
      for (const RefreshTokenValidity of [undefined, 0]) {
        const settings = newClientSettings('x', { RefreshTokenValidity, TokenValidityUnits: { RefreshToken } })
        expect(refreshTokenSeconds(settings)).toBe(30 * 86_400)
        // The number that is shown must mean the same to a client that applies the unit.
        expect(settings.RefreshTokenValidity).toBeGreaterThanOrEqual(30)
      }
    },
  )

  it('say that a rotation has no time of grace unless it is sent', () => {
    const rotation = (given: { Feature: 'ENABLED'; RetryGracePeriodSeconds?: number }) =>
      newClientSettings('x', { RefreshTokenRotation: given }).RefreshTokenRotation
    expect(rotation({ Feature: 'ENABLED' })).toEqual({ Feature: 'ENABLED', RetryGracePeriodSeconds: 0 })
    expect(rotation({ Feature: 'ENABLED', RetryGracePeriodSeconds: 9 })?.RetryGracePeriodSeconds).toBe(9)
  })
})
