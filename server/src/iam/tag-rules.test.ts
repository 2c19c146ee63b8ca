import { describe, expect, it } from 'vitest'
import { mergeTags, tagProblem, withoutTags } from './tag-rules.ts'

const tags = (...keys: string[]) => keys.map((Key) => ({ Key, Value: `of ${Key}` }))

describe('tags', () => {
  it('have keys compared without case, and none with the prefix aws:', () => {
    expect(tagProblem(tags('a', 'b', '__proto__', 'awsome'))).toBeUndefined()
    expect(tagProblem(tags('a', 'A'))).toMatch(/^Duplicate tag keys/)
    for (const key of ['aws:x', 'AWS:', 'Aws:x']) expect(tagProblem(tags(key))).toContain(`The tag key ${key} `)
  })

  it('replace tags with the same key, at the same position in the new spelling', () => {
    expect(mergeTags(tags('a', 'b'), tags('B', 'c', 'A'))).toEqual(tags('A', 'B', 'c'))
    expect(mergeTags([], tags('__proto__', 'constructor'))).toEqual(tags('__proto__', 'constructor'))
    const [tag] = mergeTags([], [{ Key: 'k', Value: 'v', More: 'x' } as { Key: string; Value: string }])
    expect(tag).toEqual({ Key: 'k', Value: 'v' })
  })

  it('are removed by any spelling', () => {
    expect(withoutTags(tags('a', 'B', '__proto__'), ['A', 'b', 'x'])).toEqual(tags('__proto__'))
  })
})
