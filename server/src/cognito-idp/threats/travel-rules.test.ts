import { describe, expect, it } from 'vitest'
import { speedBetween } from './travel-rules.ts'

const HOUR = 60 * 60 * 1000
const at = (latitude: number, longitude: number, hours: number, radius = 0) => ({
  coordinates: { latitude, longitude, radius },
  at: hours * HOUR,
})

describe('the speed between two places', () => {
  // Distances of a great circle on a sphere of 6,371 km.
  it.each([
    ['Paris and London', at(48.8566, 2.3522, 0), at(51.5074, -0.1278, 1), 344],
    ['London and New York', at(51.5074, -0.1278, 0), at(40.7128, -74.006, 2), 2785],
    ['across the date line', at(0, 179, 0), at(0, -179, 1), 222],
    ['opposite points', at(0, 0, 0), at(0, 180, 10), 2001.5],
    ['the poles', at(90, 0, 0), at(-90, 77, 1), 20_015],
  ])('of %s is the way by the time', (_, one, other, speed) => {
    expect(speedBetween(one, other)).toBeCloseTo(speed, -1)
    expect(speedBetween(other, one)).toBeCloseTo(speed, -1)
  })

  it('does not count what lies within the radii, nor short ways', () => {
    expect(speedBetween(at(48.8566, 2.3522, 0, 100), at(51.5074, -0.1278, 1, 44))).toBeCloseTo(200, -1)
    expect(speedBetween(at(48.8566, 2.3522, 0, 150), at(51.5074, -0.1278, 0, 100))).toBe(0)
    expect(speedBetween(at(48.85, 2.35, 0), at(48.85, 2.36, 0))).toBe(0)
  })

  it('is none where a place is not known', () => {
    expect(speedBetween({ at: 0 }, at(1, 1, 0))).toBe(0)
  })
})
