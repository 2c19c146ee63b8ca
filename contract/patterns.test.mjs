// Every pattern of every service: evaluated as AWS means it, and quickly on whatever a stranger sends.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cognitoIdentityModel } from '../server/src/contract/cognito-identity.model.ts'
import { cognitoIdpModel } from '../server/src/contract/cognito-idp.model.ts'
import { cognitoSyncModel } from '../server/src/contract/cognito-sync.model.ts'
import { matches } from '../server/src/contract/service-model.ts'
import { stsModel } from '../server/src/contract/sts.model.ts'
import { patternTest } from './patterns.mjs'

const MOST_MILLISECONDS = 20
const UNLIMITED = 64 * 1024

const models = [cognitoIdpModel, cognitoIdentityModel, cognitoSyncModel, stsModel]
const patterned = models.flatMap(({ service, shapes }) =>
  Object.entries(shapes).flatMap(([name, shape]) => (shape.pattern ? [[`${service} ${name}`, shape]] : [])),
)
const shapes = Object.fromEntries(patterned)
const shapeOf = (pattern, max) => ({ type: 'string', max, pattern, test: patternTest({ pattern, max }, 'Test') })

/** Pieces that patterns are made of: single characters of every class, and the texts they look for. */
const PIECES = [
  ...[
    'a',
    'f',
    'g',
    'Z',
    '0',
    '9',
    '_',
    '-',
    ':',
    '/',
    '.',
    '@',
    '+',
    '=',
    '*',
    '#',
    '{',
    '}',
    '"',
    '\\',
    ' ',
    '\t',
    '\n',
    'é',
    '\u0301',
    '€',
    '😀',
  ],
  ...[
    '{####}',
    '{##',
    '##}',
    ':a',
    'a_',
    'a@',
    'arn:',
    'arn:aws:iam::1:role/a',
    'arn:aws:sns:a:1:app/A/a',
    'cognito:',
    'english',
    'chinese-',
  ],
  ...[
    'import-',
    'un',
    'authenticated',
    'terms-of-use',
    '0123abcd',
    '-0abc',
    '-4abc',
    '-9abc',
    '-0123456789ab',
    'us-east-1_',
  ],
]

describe('as AWS means it', () => {
  test.each(patterned)('%s', (_, { test: _test, ...shape }) => {
    // The pattern as JavaScript would read it: right on values without the characters on which the dialects differ.
    const dotAll = shape.pattern.startsWith('(?s)')
    const plain = new RegExp(`^(?:${shape.pattern.replace('(?s)', '').replace('\\:', ':')})$`, dotAll ? 'su' : 'u')
    const own = [...shape.pattern].filter((character) => /[^\\()[\]?]/.test(character))
    const value = fc.array(fc.constantFrom(...PIECES, ...own), { maxLength: 12 }).map((pieces) => pieces.join(''))
    const tested = { ...shape, test: _test }
    fc.assert(
      fc.property(value, (text) => {
        if (text.length <= (_test.upTo ?? Infinity)) expect(matches(tested, text)).toBe(plain.test(text))
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['UserPoolIdType', 'us-east-1_Ab0', 'us-east-1Ab0'],
    ['EmailAddressType', 'a@b', '@b', 'a@', '@', 'a b@c'],
    ['EmailAddressType', '@@@', '@@'],
    ['EmailAddressType', '😀@😀', '😀@'],
    ['EmailVerificationMessageType', 'code {####}', 'code {###}'],
    ['EmailVerificationMessageByLinkType', '<a>{##here##}</a>', '{##}', '##}{##', '{##here'],
    ['EmailVerificationMessageByLinkType', '{####}', '{###}'],
    ['SmsVerificationMessageType', '{####}', 'two\nlines {####}'],
    ['SmsInviteMessageType', 'two\nlines {####}'],
    ['DomainType', 'a', '-a', 'a-', 'A', `${'a'.repeat(64)}`],
    ['S3BucketType', 'a.b', 'a.'],
    ['LanguageIdType', 'cognito:chinese-simplified', 'cognito:chinese-', 'cognito:klingon'],
    ['TokenModelType', 'a-b_c=.d', 'a b'],
    // A space outside ASCII is no space to AWS: part of a password, not of a message.
    ['PasswordType', 'pass\u00a0word', 'pass word'],
    ['EmailInviteMessageType', 'a b', 'a\u00a0b'],
  ])('%s takes %j', (name, right, ...wrong) => {
    const shape = shapes[`cognito-idp ${name}`]
    expect(matches(shape, right)).toBe(true)
    for (const value of wrong) expect(matches(shape, value), value).toBe(false)
  })

  test('a string without a pattern takes anything', () => {
    expect(matches({ type: 'string' }, '\0')).toBe(true)
  })
})

describe('in time', () => {
  // A run of one piece, after something valid and before something that is not, makes backtracking engines go back.
  const heads = ['', 'us-east-1_', '{##', 'a@', 'arn:aws:iam::1:role/a', 'arn:aws:sns:a:1:app/A/a']
  const pieces = ['a', '0', '_', '-', ':', '.', '@', '#', '{', ' ', 'é', '😀', ':a', 'a_', 'a@', '{##', '##}', '{####}']
  const tails = ['', '\0', '_', '@']
  const hostileValues = (length) =>
    heads.flatMap((head) =>
      pieces.flatMap((piece) =>
        tails.map((tail) => (head + piece.repeat(length)).slice(0, length - tail.length) + tail),
      ),
    )
  const long = hostileValues(UNLIMITED)

  test.each(patterned)('%s', (_, shape) => {
    const {
      max = 0,
      test: { upTo },
    } = shape
    for (const value of [
      ...long,
      ...(upTo ? hostileValues(upTo) : []),
      ...(max > UNLIMITED ? hostileValues(max) : []),
    ]) {
      const spent = bestOf(3, () => matches(shape, value))
      if (spent >= MOST_MILLISECONDS)
        expect.fail(`${spent} ms for ${value.length} of ${value.slice(0, 40)}...${value.at(-1)}`)
    }
  })

  /**
   * CPU time of this process: work, which other programs of a busy machine do not change. Another run only when one takes
   * much, for a collection of garbage meanwhile.
   */
  function bestOf(runs, work) {
    const start = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(start)
    const spent = (user + system) / 1000
    return spent < MOST_MILLISECONDS || runs === 1 ? spent : bestOf(runs - 1, work)
  }
})

describe('a pattern that cannot be evaluated safely stops the generator', () => {
  test.each([
    ['two repeats that overlap, without a limit', '[a-z]+[a-f]+'],
    ['the same, with a limit too high', '[a-z]+[a-f]+', 20_000],
    ['a repeat inside a repeat', '([a-z]+)+', 10],
    ['a repeated choice', '(a|ab)*', 10],
    ['many overlapping repeats', 'a*a*a*a*', 2048],
    ['repeats that touch around a text', '[a-z]+[a-z]+ok[a-z]+'],
  ])('%s', (_, pattern, max) => {
    expect(() => shapeOf(pattern, max)).toThrow(`Test: cannot evaluate ${pattern} in linear time`)
  })

  test.each([['(?=a)'], ['a+?'], ['[a-z&&[aeiou]]'], ['\\k'], ['a)'], ['(a'], ['[a'], ['a^b']])(
    'or one that it cannot read: %s',
    (pattern) => {
      expect(() => shapeOf(pattern)).toThrow('Test: cannot read')
    },
  )

  test.each([
    ['the next character decides', '[a-z]+:[a-z]+(?::[a-z]+)?', undefined, {}],
    ['a short value cannot cost much', '[a-z_]+_[a-z]+', 55, { upTo: 110 }],
    ['one class with texts in it', '[a-z]*ok[a-z]*', undefined, { contains: ['ok'], padding: 0 }],
  ])('%s', (_, pattern, max, form) => {
    expect(shapeOf(pattern, max).test).toEqual({ regex: expect.any(String), ...form })
  })

  test('a text that its class does not hold is no reason to search', () => {
    expect(shapeOf('[a-z]*#[a-z]*').test).toEqual({ regex: '^[a-z]*#[a-z]*$' })
  })
})
