import { describe, expect, it } from 'vitest'
import { shownUserCode, typedUserCode, userCodeOf } from './user-code-rules.ts'

describe('a user code', () => {
  it('is of eight letters, each as likely as the others', () => {
    const counts = new Map<string, number>()
    for (let byte = 0; byte < 256; byte++) {
      const code = userCodeOf(new Uint8Array(8).fill(byte))
      if (code === undefined) expect(byte).toBeGreaterThanOrEqual(240)
      else counts.set(code, (counts.get(code) ?? 0) + 1)
    }
    expect([...counts.keys()].every((code) => /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/.test(code))).toBe(true)
    expect([counts.size, new Set(counts.values())]).toEqual([20, new Set([12])])
  })

  it('passes over bytes that would make some letters likelier', () => {
    expect(userCodeOf(Uint8Array.from([255, 0, 240, 1, 2, 3, 4, 5, 6, 7]))).toBe('BCDFGHJK')
    expect(userCodeOf(new Uint8Array(32).fill(255))).toBeUndefined()
  })

  it('is shown in two halves', () => expect(shownUserCode('BCDFGHJK')).toBe('BCDF-GHJK'))

  it.each(['BCDFGHJK', 'bcdf-ghjk', ' bcdf ghjk ', 'B.C.D.F_GHJK', 'BCDF–GHJK'])('may be typed as %j', (text) =>
    expect(typedUserCode(text)).toBe('BCDFGHJK'),
  )

  it.each([undefined, '', 'BCDF', 'BCDFGHJKL', 'ABCDFGHJ', 'BCDFGHJ1', 'ÄBCDFGHJ'.repeat(40)])('is not %j', (text) =>
    expect(typedUserCode(text)).toBeUndefined(),
  )
})
