import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '../limits.ts'
import { eventIdOf, idLine, knownBy, pokeEvent } from './event-rules.ts'

const counts = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1, maxLength: 20 }), fc.nat()), {
  selector: ([name]) => name,
  maxLength: 20,
})

describe('an event id', () => {
  it('knows the counts that it was made of, and no others', () => {
    fc.assert(
      fc.property(counts, (entries) => {
        const knows = knownBy(eventIdOf(new Map(entries)))
        for (const [name, count] of entries) {
          expect(knows(name, count)).toBe(true)
          expect(knows(name, count + 1)).toBe(false)
          expect(knows(`${name} `, count)).toBe(false)
        }
      }),
    )
  })

  it.each(['', 'nonsense', 'a.b.c', '......', '\u0000', 'abcdef', 'abcdef!', 'x'.repeat(100_000)])(
    'that is none (%j) knows nothing',
    (text) => {
      expect(knownBy(text)('prefs', 1)).toBe(false)
    },
  )

  it('is left out where it would be too long for a header', () => {
    const many = new Map(Array.from({ length: 2000 }, (_, i) => [`dataset-${i}`, 1]))
    expect(eventIdOf(many)).toBe('')
    expect(eventIdOf(new Map([...many].slice(0, 500))).length).toBeLessThanOrEqual(limits.eventId.max)
  })
})

describe('an event', () => {
  it('has the message of a push, in one line', () => {
    const event = pokeEvent({ poolId: 'us-east-1:11', id: 'us-east-1:22' }, 'prefs', 7)
    expect(event).toMatch(/^data: [^\n]+\n\n$/)
    expect(JSON.parse(event.slice('data: '.length))).toEqual({
      source: 'cognito-sync',
      identityPoolId: 'us-east-1:11',
      identityId: 'us-east-1:22',
      datasetName: 'prefs',
      syncCount: 7,
    })
  })

  it('may have an id before it', () => {
    expect(idLine(new Map([['prefs', 35]]))).toMatch(/^id: [\w-]{6}z\n$/)
    expect(idLine(new Map())).toBe('id: \n')
  })
})
