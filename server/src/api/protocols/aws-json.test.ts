import { describe, expect, it } from 'vitest'
import { cognitoIdpModel } from '../../contract/cognito-idp.model.ts'
import type { ServiceModel } from '../../contract/service-model.ts'
import { readJsonInput, writeJsonError, writeJsonOutput } from './aws-json.ts'

const read = (operation: string, text: string | Uint8Array): Record<string, unknown> =>
  readJsonInput(cognitoIdpModel, cognitoIdpModel.operations[operation]?.input, Buffer.from(text as string))

const refusal = (operation: string, text: string | Uint8Array): unknown => {
  try {
    return read(operation, text)
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
}

describe('reads', () => {
  it('what the contract names, and drops the rest', () => {
    expect(read('GetUser', '{"AccessToken":"x","Other":[1]}')).toEqual({ AccessToken: 'x' })
    expect(read('GetUser', '{"AccessToken":null}')).toEqual({})
    expect(read('GetUser', '')).toEqual({})
  })

  it('base64', () => {
    const bytes = (text: string): unknown =>
      read('SetUICustomization', JSON.stringify({ ImageFile: text }))['ImageFile']
    for (const text of ['', 'x', 'xx', 'xxx'])
      expect(bytes(Buffer.from(text).toString('base64'))).toEqual(Buffer.from(text))
  })

  it('a body with a byte order mark', () => {
    expect(read('GetUser', '\ufeff{"AccessToken":"x"}')).toEqual({ AccessToken: 'x' })
  })

  it('names that mean something to JavaScript as names', () => {
    const { ClientMetadata } = read('SignUp', '{"__proto__":{"Username":"x"},"ClientMetadata":{"__proto__":"y"}}')
    expect(Object.entries(ClientMetadata as object)).toEqual([['__proto__', 'y']])
    expect(read('SignUp', '{"__proto__":{"Username":"x"}}')['Username']).toBeUndefined()
  })

  it('the last of a member that is there twice', () => {
    expect(read('GetUser', '{"AccessToken":"x","AccessToken":"y"}')).toEqual({ AccessToken: 'y' })
  })

  it.each([
    ['2147483647', 2147483647],
    ['-2147483648', -2147483648],
    ['1.0', 1],
  ])('the integer %s', (text, value) => {
    expect(read('CreateGroup', `{"Precedence":${text}}`)).toEqual({ Precedence: value })
  })

  it('10,000 values and 64 levels', () => {
    const tags = Array.from({ length: 9_999 }, () => '""').join(',')
    expect((read('UntagResource', `{"TagKeys":[${tags}]}`)['TagKeys'] as unknown[]).length).toBe(9_999)
    expect(read('GetUser', `{"Other":${'['.repeat(63)}${']'.repeat(63)}}`)).toEqual({})
  })
})

describe('refuses', () => {
  it.each(['eA', 'eA=', 'eA===', 'eHg', '=', '====', 'eB==', 'e', 'eHh4=', 'eA==eA==', 'e_-_'])(
    'the base64 %s, which is not padded or not canonical',
    (text) => {
      expect(refusal('SetUICustomization', JSON.stringify({ ImageFile: text }))).toBe(
        'SerializationException: STRING_VALUE can not be converted to a Blob',
      )
    },
  )

  const STRUCTURE = 'SerializationException: Start of structure expected'
  const INVALID = 'SerializationException: The request body is not valid JSON'
  const SURROGATE = 'SerializationException: The request body holds an unpaired surrogate'
  const NO_INTEGER = 'SerializationException: NUMBER_VALUE can not be converted to an Integer'
  it.each<[string, string, string | Uint8Array, string]>([
    ['a list', 'GetUser', '[]', STRUCTURE],
    ['null', 'GetUser', 'null', STRUCTURE],
    ['text', 'GetUser', '"x"', STRUCTURE],
    ['what is no JSON', 'GetUser', '{', INVALID],
    ['white space alone', 'GetUser', ' ', INVALID],
    ['something behind', 'GetUser', '{}x', INVALID],
    [
      'bytes that are no UTF-8',
      'GetUser',
      Buffer.from([0x7b, 0xff, 0x7d]),
      'SerializationException: The request body is not valid UTF-8',
    ],
    [
      '65 levels',
      'GetUser',
      `{"Other":${'['.repeat(64)}${']'.repeat(64)}}`,
      'SerializationException: The request body is nested too deeply',
    ],
    [
      'a million open brackets',
      'GetUser',
      '['.repeat(1_000_000),
      'SerializationException: The request body is nested too deeply',
    ],
    [
      'more than 10,000 values',
      'GetUser',
      `[${'0,'.repeat(10_000)}0]`,
      'SerializationException: The request body holds too many values',
    ],
    ['half a surrogate pair', 'GetUser', '{"AccessToken":"\\ud800"}', SURROGATE],
    ['half a pair in a key', 'SignUp', '{"ClientMetadata":{"\\udc00":"x"}}', SURROGATE],
    ['an integer of 33 bits', 'CreateGroup', '{"Precedence":2147483648}', NO_INTEGER],
    ['a negative one', 'CreateGroup', '{"Precedence":-2147483649}', NO_INTEGER],
    ['a fraction', 'CreateGroup', '{"Precedence":1.5}', NO_INTEGER],
    ['a number out of range', 'CreateGroup', '{"Precedence":1e400}', NO_INTEGER],
    [
      'text for a number',
      'CreateGroup',
      '{"Precedence":"1"}',
      'SerializationException: STRING_VALUE can not be converted to an Integer',
    ],
    [
      'a number for text',
      'GetUser',
      '{"AccessToken":1}',
      'SerializationException: NUMBER_VALUE can not be converted to a String',
    ],
    [
      'a list for text',
      'GetUser',
      '{"AccessToken":["x"]}',
      'SerializationException: LIST_VALUE can not be converted to a String',
    ],
    [
      'an object for a list',
      'UntagResource',
      '{"TagKeys":{}}',
      'SerializationException: STRUCTURE_VALUE can not be converted to a List',
    ],
    [
      'a list for an object',
      'SignUp',
      '{"ClientMetadata":[]}',
      'SerializationException: LIST_VALUE can not be converted to a Map',
    ],
    [
      'text for a truth value',
      'AdminSetUserPassword',
      '{"Permanent":"true"}',
      'SerializationException: STRING_VALUE can not be converted to a Boolean',
    ],
  ])('%s', (_, operation, text, expected) => {
    expect(refusal(operation, text)).toBe(expected)
  })

  it('a double out of range, which no operation of user pools takes', () => {
    const model = {
      shapes: { Input: { type: 'structure', members: { Share: { shape: 'Share' } } }, Share: { type: 'double' } },
    } as unknown as ServiceModel
    const share = (text: string): unknown => readJsonInput(model, 'Input', Buffer.from(`{"Share":${text}}`))['Share']
    expect(share('1e300')).toBe(1e300)
    expect(() => share('1e400')).toThrow('NUMBER_VALUE can not be converted to a Double')
  })
})

describe('writes', () => {
  it('what the contract names, without what is absent', () => {
    const output = { UserCode: 'x', Session: undefined, Secret: 'not a member' }
    expect(writeJsonOutput(cognitoIdpModel, 'AssociateSoftwareTokenResponse', output)).toBe('{}')
    expect(writeJsonOutput(cognitoIdpModel, undefined, undefined)).toBe('')
  })

  it('errors whose header is one line of printable ASCII', () => {
    const { headers, body } = writeJsonError('CodeMismatchException', 'a\r\nSet-Cookie: b=c é'.padEnd(5000, '.'), true)
    expect(headers['x-amzn-errortype']).toBe('CodeMismatchException:')
    expect(headers['x-amzn-errormessage']).toMatch(/^a Set-Cookie: b=c {1,2}\.+$/)
    expect(headers['x-amzn-errormessage']).toHaveLength(1024)
    expect(JSON.parse(body)).toEqual({
      __type: 'CodeMismatchException',
      message: 'a\r\nSet-Cookie: b=c é'.padEnd(5000, '.'),
    })
  })
})
