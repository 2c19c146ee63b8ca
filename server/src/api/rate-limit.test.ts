import { describe, expect, it } from 'vitest'
import { type AddressSet, parseAddressRanges } from '../config/address-ranges.ts'
import { createRateLimit, GUESS_COST, type RateLimit } from './rate-limit.ts'

const MINUTE = 60_000
const exempt = parseAddressRanges('127.0.0.0/8, ::1, 10.1.0.0/16') as AddressSet

const limitOf = (callsPerMinute: number): { rates: RateLimit; clock: { now: number } } => {
  const clock = { now: 1_000_000_000 }
  return { rates: createRateLimit({ callsPerMinute, exempt }, () => clock.now), clock }
}

/** How many of `tries` calls are let in. */
const admitted = (rates: RateLimit, address: string | undefined, tries: number): number =>
  Array.from({ length: tries }, () => rates.admit(address)).filter(Boolean).length

describe('the rate of an address', () => {
  it('is a minute of calls at once, and then as many as come back', () => {
    const { rates, clock } = limitOf(60)
    expect(admitted(rates, '192.0.2.1', 100)).toBe(60)
    clock.now += 999
    expect(admitted(rates, '192.0.2.1', 100)).toBe(0)
    clock.now += 1
    expect(admitted(rates, '192.0.2.1', 100)).toBe(1)
    clock.now += 30_000
    expect(admitted(rates, '192.0.2.1', 100)).toBe(30)
    clock.now += 10 * MINUTE
    expect(admitted(rates, '192.0.2.1', 100)).toBe(60)
  })

  it('is as many as it says when a call is no whole number of milliseconds', () => {
    const { rates, clock } = limitOf(7000)
    expect(admitted(rates, '192.0.2.1', 8000)).toBe(7000)
    clock.now += MINUTE
    expect(admitted(rates, '192.0.2.1', 8000)).toBe(7000)
  })

  it('is not made worse by what is refused', () => {
    const { rates, clock } = limitOf(60)
    admitted(rates, '192.0.2.1', 100_000)
    clock.now += 1000
    expect(admitted(rates, '192.0.2.1', 1)).toBe(1)
  })

  it('is an own one for each IPv4 address and each /64', () => {
    const { rates } = limitOf(10)
    expect(admitted(rates, '192.0.2.1', 20)).toBe(10)
    expect(admitted(rates, '192.0.2.2', 20)).toBe(10)
    expect(admitted(rates, '2001:db8:0:1::1', 6)).toBe(6)
    expect(admitted(rates, '2001:db8:0:1:ffff:ffff:ffff:ffff', 20)).toBe(4)
    expect(admitted(rates, '2001:db8:0:2::1', 20)).toBe(10)
  })

  it('does not exist for exempt addresses, for none, and when it is 0', () => {
    const { rates } = limitOf(1)
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '10.1.255.255', undefined])
      expect(admitted(rates, address, 50)).toBe(50)
    expect(admitted(rates, '10.2.0.0', 50)).toBe(1)
    expect(admitted(limitOf(0).rates, '10.2.0.0', 50)).toBe(50)
  })

  it('counts a wrong guess many times, also when not so many calls are left', () => {
    const { rates, clock } = limitOf(100)
    for (let guesses = 0; guesses < 4; guesses++) {
      expect(rates.admit('192.0.2.1')).toBe(true)
      rates.countGuess('192.0.2.1')
    }
    expect(admitted(rates, '192.0.2.1', 100)).toBe(100 - 4 * GUESS_COST)
    for (let more = 0; more < 1000; more++) rates.countGuess('192.0.2.1')
    clock.now += MINUTE
    expect(admitted(rates, '192.0.2.1', 200)).toBe(100)
  })

  it('lets at most a twentieth of a flood of guesses through (docs/reference/threats.md 5)', () => {
    const { rates } = limitOf(6000)
    let evaluated = 0
    for (let user = 0; user < 10_000; user++) {
      if (!rates.admit('192.0.2.1')) continue
      evaluated++
      rates.countGuess('192.0.2.1')
    }
    expect(evaluated).toBeGreaterThan(200)
    expect(evaluated).toBeLessThan(500)
    expect(rates.admit('198.51.100.7')).toBe(true)
  })

  it('starts anew when the clock was set back: nobody is shut out for as long as that', () => {
    const { rates, clock } = limitOf(60)
    admitted(rates, '192.0.2.1', 60)
    clock.now -= 1000 * MINUTE
    expect(admitted(rates, '192.0.2.1', 1)).toBe(0)
    clock.now += MINUTE
    expect(admitted(rates, '192.0.2.1', 100)).toBe(60)
  })

  it('remembers so many addresses and no more, and forgets those that call least', () => {
    const { rates } = limitOf(2)
    const address = (i: number): string => `2001:db8:${(i >> 16).toString(16)}:${(i & 0xffff).toString(16)}::1`
    const busy = '192.0.2.1'
    admitted(rates, busy, 2)
    admitted(rates, '192.0.2.2', 2)
    for (let i = 0; i < 70_000; i++) {
      rates.admit(address(i))
      if (i % 1000 === 0) expect(rates.admit(busy)).toBe(false)
    }
    expect(rates.admit('192.0.2.2')).toBe(true)
  })
})
