import { describe, expect, it } from 'vitest'
import type { AuthEvent } from './event-rules.ts'
import { actionFor, type Judged, judge } from './risk-rules.ts'

const HOUR = 60 * 60 * 1000
const NOW = Date.UTC(2026, 0, 15, 12)
const now: Judged = {
  at: NOW,
  address: '192.0.2.10',
  device: 'laptop',
  knownDevice: false,
  knownBad: false,
  failing: false,
}

const event = (change: Partial<AuthEvent> = {}, place: Partial<AuthEvent['details']> = {}): AuthEvent => ({
  id: 'one',
  type: 'SignIn',
  response: 'Pass',
  challenges: [],
  createdAt: NOW - 24 * HOUR,
  ...change,
  details: { address: '192.0.2.10', device: 'laptop', decision: 'NoRisk', ...place },
})
const failure = (hoursAgo: number) => event({ response: 'Fail', createdAt: NOW - hoursAgo * HOUR })
const feedback = (value: 'Valid' | 'Invalid') => ({ value, provider: 'User', at: NOW }) as const
const at = (latitude: number, longitude: number, radius = 20) => ({ coordinates: { latitude, longitude, radius } })
const ZURICH = { countryCode: 'CH', ...at(47.37, 8.54) }
/** 224 km from Zurich. */
const GENEVA = { countryCode: 'CH', address: '198.51.100.7', ...at(46.2, 6.14) }
const NEW_YORK = { countryCode: 'US', address: '203.0.113.9', ...at(40.71, -74.01) }
const hoursAgo = (hours: number, place: Partial<AuthEvent['details']> = ZURICH) =>
  event({ createdAt: NOW - hours * HOUR }, place)
const atHour = (hour: number) =>
  Array.from({ length: 10 }, (_, day) => event({ createdAt: Date.UTC(2026, 0, day + 1, hour) }))

describe('the risk of a sign-in', () => {
  it.each<[string, Partial<Judged>, readonly AuthEvent[], string[], string | undefined]>([
    ['nothing is known yet', {}, [], [], undefined],
    ['as ever', {}, [event()], [], undefined],
    ['another device', { device: 'phone' }, [event()], ['new-device'], 'Low'],
    ['another device that has proved itself', { device: 'phone', knownDevice: true }, [event()], [], undefined],
    ['another address of the network', { address: '192.0.2.99' }, [event()], [], undefined],
    ['another network', { address: '198.51.100.7' }, [event()], ['new-network'], 'Low'],
    ['one /48', { address: '2001:db8:1::9' }, [event({}, { address: '2001:db8:1:5::1' })], [], undefined],
    ['another /48', { address: '2001:db8::9' }, [event({}, { address: '2001:db8:1::9' })], ['new-network'], 'Low'],
    ['device and network', { device: 'a', address: '1.2.3.4' }, [event()], ['new-device', 'new-network'], 'Medium'],
    [
      'both after failures',
      { device: 'a', address: '1.2.3.4' },
      [failure(0.1), failure(0.2), failure(0.3), event()],
      ['new-device', 'new-network', 'recent-failures'],
      'High',
    ],
    ['failures of the past', {}, [failure(2), failure(3), failure(4), event()], [], undefined],
    ['two failures', {}, [failure(0.1), failure(0.2), event()], [], undefined],
    ['an hour of the night', {}, atHour(1), ['unusual-hour'], undefined],
    ['an hour beyond midnight', { at: Date.UTC(2026, 0, 15, 1) }, atHour(23), [], undefined],
    ['few sign-ins say nothing of hours', {}, atHour(1).slice(1), [], undefined],
    [
      'from where a sign-in was called invalid',
      {},
      [event({ feedback: feedback('Invalid') }), event({}, { device: 'laptop' })],
      ['bad-address', 'bad-device'],
      'High',
    ],
    [
      'one that was called invalid makes nothing known',
      {},
      [event({ feedback: feedback('Invalid') }, { device: 'x', address: '9.9.9.9' })],
      [],
      undefined,
    ],
    [
      'a failed one that was called valid',
      { device: 'phone' },
      [event({ response: 'Fail', feedback: feedback('Valid') }, { device: 'phone' })],
      [],
      undefined,
    ],
    [
      'one that has not passed makes nothing known',
      { device: 'phone' },
      [event({ response: 'InProgress' }, { device: 'phone' }), event()],
      ['new-device'],
      'Low',
    ],
    ['another country', { ...NEW_YORK }, [hoursAgo(24)], ['new-network', 'new-country'], 'Medium'],
    [
      'a country by a database without coordinates',
      { countryCode: 'US', address: '203.0.113.9' },
      [hoursAgo(24, { countryCode: 'CH' })],
      ['new-network', 'new-country'],
      'Medium',
    ],
    ['a country that is known', { ...NEW_YORK }, [hoursAgo(24), hoursAgo(48, NEW_YORK)], [], undefined],
    ['a country of before any was known', { ...NEW_YORK }, [hoursAgo(24, {})], ['new-network'], 'Low'],
    ['a place that is not known', { address: '203.0.113.9' }, [hoursAgo(1)], ['new-network'], 'Low'],
    [
      'travel beyond any speed',
      { ...NEW_YORK },
      [hoursAgo(5)],
      ['new-network', 'new-country', 'impossible-travel'],
      'High',
    ],
    [
      'the same way at the speed of aeroplanes',
      { ...NEW_YORK },
      [hoursAgo(7)],
      ['new-network', 'new-country'],
      'Medium',
    ],
    ['travel within a country', { ...GENEVA }, [hoursAgo(0.1)], ['new-network', 'impossible-travel'], 'Medium'],
    ['two places at once', { ...GENEVA }, [hoursAgo(0)], ['new-network', 'impossible-travel'], 'Medium'],
    [
      'a place that may be the same one',
      { ...GENEVA, ...at(46.2, 6.14, 150) },
      [hoursAgo(0.1)],
      ['new-network'],
      'Low',
    ],
    ['a place nearby', { ...GENEVA, ...at(47.0, 8.3) }, [hoursAgo(0)], ['new-network'], 'Low'],
    ['travel from the last place alone', { ...GENEVA }, [hoursAgo(4), hoursAgo(5, NEW_YORK)], ['new-network'], 'Low'],
    ['back in a network that is known', { ...GENEVA }, [hoursAgo(0.1), hoursAgo(90, GENEVA)], [], undefined],
    [
      'travel of a device that has proved itself',
      { ...NEW_YORK, knownDevice: true },
      [hoursAgo(1)],
      ['new-network', 'new-country'],
      'Medium',
    ],
    ['an address that is known to be bad', { knownBad: true }, [event()], ['known-bad-address'], 'High'],
    ['an address where sign-ins fail at many names', { failing: true }, [event()], ['failing-address'], 'Low'],
    [
      'the same with another device and network',
      { failing: true, device: 'a', address: '1.2.3.4' },
      [event()],
      ['new-device', 'new-network', 'failing-address'],
      'High',
    ],
    ['a known bad one at the first sign-in', { knownBad: true }, [], ['known-bad-address'], 'High'],
    [
      'what is no sign-in makes nothing known',
      { device: 'phone' },
      [event({ type: 'SignUp' }, { device: 'phone' }), event()],
      ['new-device'],
      'Low',
    ],
  ])('%s', (_name, change, events, reasons, level) => {
    expect(judge({ ...now, ...change }, events)).toEqual({ reasons, level })
  })
})

describe('what a pool does about it', () => {
  const set = { Actions: { LowAction: { Notify: false, EventAction: 'MFA_IF_CONFIGURED' as const } } }

  it('is what the configuration says of the level, and nothing for a level that it leaves out', () => {
    expect(actionFor(set, 'Low')).toBe('MFA_IF_CONFIGURED')
    expect(actionFor(set, 'High')).toBe('NO_ACTION')
    expect(actionFor(set, undefined)).toBe('NO_ACTION')
  })

  it('without a configuration blocks a high risk alone', () => {
    expect(actionFor(undefined, 'High')).toBe('BLOCK')
    expect(actionFor(undefined, 'Medium')).toBe('NO_ACTION')
  })
})
