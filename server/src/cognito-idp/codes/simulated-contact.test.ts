import { describe, expect, it } from 'vitest'
import { standardAttributes } from '../user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { simulatedContact } from './simulated-contact.ts'

describe('simulatedContact', () => {
  const pool = (settings: Partial<UserPoolSettings> = {}): UserPoolSettings => ({
    Name: 'test',
    SchemaAttributes: [...standardAttributes],
    ...settings,
  })
  const both = ['phone_number', 'email'] as const
  const SENDER = 'no-reply@verificationemail.com'

  it('is the name where a code could go to it', () => {
    expect(simulatedContact(pool(), both, 'Zoe@x.example', new Uint8Array(32), SENDER)).toEqual({
      attribute: 'email',
      value: 'Zoe@x.example',
    })
    expect(simulatedContact(pool(), both, '+14325551212', new Uint8Array(32), SENDER)).toEqual({
      attribute: 'phone_number',
      value: '+14325551212',
    })
  })

  it('regards case as the pool does, so that two spellings of a name show the same', () => {
    const folding = pool({ UsernameConfiguration: { CaseSensitive: false } })
    expect(simulatedContact(folding, both, 'Zoe@x.example', new Uint8Array(32), SENDER).value).toBe('zoe@x.example')
  })

  it('is the normalised form of a name in another spelling', () => {
    for (const [name, value] of [
      ['\uff5aoe\uff20x.example', 'zoe@x.example'],
      ['\uff0b\uff11555', '+1555'],
    ] as const)
      expect(simulatedContact(pool(), both, name, new Uint8Array(32), SENDER).value).toBe(value)
  })

  it('goes where the pool sends codes, whatever the name', () => {
    expect(simulatedContact(pool(), ['email'], '+14325551212', new Uint8Array(32), SENDER).attribute).toBe('email')
    expect(simulatedContact(pool(), both, 'zoe', new Uint8Array(32), SENDER).attribute).toBe('phone_number')
    const verifying = pool({ AutoVerifiedAttributes: ['email'] })
    expect(simulatedContact(verifying, both, 'zoe', new Uint8Array(32), SENDER).attribute).toBe('email')
  })

  it('follows from its bytes', () => {
    const bytes = (...values: number[]) => Uint8Array.from({ length: 32 }, (_, i) => values[i] ?? 0)
    const mailbox = (name: string, ...values: number[]) =>
      simulatedContact(pool(), ['email'], name, bytes(...values), SENDER)
    expect(mailbox('zoe', 0, 0, 0, 0, 0)).toEqual({ attribute: 'email', value: 'z@g' })
    expect(mailbox('zoe', 0, 0, 0, 0, 128).value).toBe('j@g')
    expect(mailbox('_zoe', 0, 0, 0, 0, 0).value).toBe('j@g')
    expect(simulatedContact(pool(), ['phone_number'], 'zoe', bytes(255, 9, 10, 1), SENDER)).toEqual({
      attribute: 'phone_number',
      value: '+15555555901',
    })
  })

  it('has the domain of the sender half of the time where administrators alone make users', () => {
    const closed = pool({ AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } })
    const domains = (settings: UserPoolSettings, sender: string): Record<string, number> => {
      const counts: Record<string, number> = {}
      for (let value = 0; value < 256; value++) {
        const bytes = Uint8Array.from({ length: 32 }, (_, i) => [0, 0, 0, value, 0, value][i] ?? 0)
        const [, domain = ''] = simulatedContact(settings, ['email'], 'zoe', bytes, sender).value.split('@')
        counts[domain] = (counts[domain] ?? 0) + 1
      }
      return counts
    }
    expect(domains(closed, 'Zebra <no-reply@Zebra.example>')).toEqual({ z: 128, g: 128 })
    expect(domains(closed, 'no-reply@mail.zebra.example')).toEqual({ m: 64, z: 64, g: 128 })
    expect(domains(closed, SENDER)).toEqual({ g: 256 })
    expect(domains(pool(), 'no-reply@zebra.example')).toEqual({ g: 256 })
  })

  it('has every letter in an address, the common ones more often', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz'
    const counts = { mailbox: new Map<string, number>(), domain: new Map<string, number>() }
    for (let high = 0; high < 256; high++) {
      for (let low = 0; low < 256; low++) {
        const bytes = Uint8Array.from({ length: 32 }, (_, i) => [high, low, high, low, 255][i] ?? 0)
        const [mailbox = '', domain = ''] = simulatedContact(pool(), ['email'], 'zoe', bytes, SENDER).value.split('@')
        counts.mailbox.set(mailbox, (counts.mailbox.get(mailbox) ?? 0) + 1)
        counts.domain.set(domain, (counts.domain.get(domain) ?? 0) + 1)
      }
    }
    expect([...counts.mailbox.keys()].sort().join('')).toBe(letters)
    expect([...counts.domain.keys()].sort().join('')).toBe(letters)
    for (const [common, rare, of] of [
      ['g', 'x', counts.domain],
      ['j', 'q', counts.mailbox],
    ] as const)
      expect(of.get(common)).toBeGreaterThan(20 * (of.get(rare) ?? 0))
  })
})
