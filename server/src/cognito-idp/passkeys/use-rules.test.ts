import { describe, expect, it } from 'vitest'
import { useRefusal, verifiedUser } from './use-rules.ts'

const known = { counter: 5, backupEligible: true, userHandle: 'handle', userVerified: true }
const seen = { counter: 6, backupEligible: true, backedUp: false, userVerified: true }

describe('a use of a passkey', () => {
  it.each([
    ['its counter went on', {}, {}, 'handle', undefined],
    ['the authenticator told no handle', {}, {}, undefined, undefined],
    ['the authenticator does not count', { counter: 0 }, { counter: 0 }, 'handle', undefined],
    ['it is backed up by now', {}, { backedUp: true }, 'handle', undefined],
    ['its counter stayed', {}, { counter: 5 }, 'handle', 'cloned'],
    ['its counter went back', {}, { counter: 4 }, 'handle', 'cloned'],
    ['its counter is 0 again', {}, { counter: 0 }, 'handle', 'cloned'],
    ['it is of another user', {}, {}, 'other', 'foreign'],
    ['it cannot be backed up any more', {}, { backupEligible: false }, 'handle', 'foreign'],
    ['it can be backed up by now', { backupEligible: false }, {}, 'handle', 'foreign'],
    [
      'it is backed up and cannot be',
      { backupEligible: false },
      { backupEligible: false, backedUp: true },
      '',
      'foreign',
    ],
  ] as const)('when %s', (_, was, is, handle, refusal) => {
    expect(useRefusal({ ...known, ...was }, { ...seen, ...is }, handle || undefined)).toBe(refusal)
  })

  it('stands for two factors when the user was verified both at its making and now', () => {
    expect(verifiedUser(known, seen)).toBe(true)
    expect(verifiedUser({ ...known, userVerified: false }, seen)).toBe(false)
    expect(verifiedUser(known, { ...seen, userVerified: false })).toBe(false)
  })
})
