import { describe, expect, it } from 'vitest'
import { descriptionProblem, preferredRole, rolesOf, sortByPrecedence } from './group-rules.ts'

const group = (name: string, precedence?: number, roleArn?: string) => ({ name, precedence, roleArn })

describe('sortByPrecedence', () => {
  it('puts the lowest number first, groups without one last, equals by name', () => {
    const groups = [group('none-b'), group('b', 1), group('zero', 0), group('a', 1), group('none-a'), group('ten', 10)]
    const names = sortByPrecedence(groups).map(({ name }) => name)
    expect(names).toEqual(['zero', 'a', 'b', 'ten', 'none-a', 'none-b'])
    expect(groups[0]?.name).toBe('none-b')
  })
})

describe('rolesOf', () => {
  it('names each role once, in the order of precedence', () => {
    const groups = [group('c', 3, 'r1'), group('none', 0), group('a', 1, 'r2'), group('b', 2, 'r1')]
    expect(rolesOf(groups)).toEqual(['r2', 'r1'])
  })
})

describe('preferredRole', () => {
  it.each([
    ['the role of the best group', [group('a', 1, 'r1'), group('b', 2, 'r2')], 'r1'],
    ['one role of two best groups', [group('a', 1, 'r1'), group('b', 1, 'r1'), group('c', 2, 'r2')], 'r1'],
    ['none where the best groups differ', [group('a', 1, 'r1'), group('b', 1, 'r2')], undefined],
    [
      'none where those without precedence differ',
      [group('a', undefined, 'r1'), group('b', undefined, 'r2')],
      undefined,
    ],
    ['that of a group without precedence alone', [group('a', undefined, 'r1')], 'r1'],
    ['none without roles', [group('a', 1)], undefined],
    ['none without groups', [], undefined],
  ])('is %s', (_title, groups, expected) => {
    expect(preferredRole(groups)).toBe(expected)
  })
})

describe('descriptionProblem', () => {
  it('is NUL and nothing else', () => {
    expect(descriptionProblem(undefined)).toBeUndefined()
    expect(descriptionProblem('any text\n😀')).toBeUndefined()
    expect(descriptionProblem('a\0b')).toContain('U+0000')
  })
})
