import { describe, expect, it } from 'vitest'
import { limits } from './limits.ts'
import { parsePolicy, policySize, readPolicy } from './policy-grammar.ts'
import { outlineJson, positionOf } from './policy-json.ts'

const statement = { Effect: 'Allow', Action: '*', Resource: '*' }
const text = JSON.stringify({ Version: '2012-10-17', Statement: statement })

describe('readPolicy', () => {
  it('converts single values to lists, and numbers and booleans to text', () => {
    const read = readPolicy(
      JSON.stringify({
        Version: '2012-10-17',
        Id: 'i',
        Statement: {
          ...statement,
          Sid: 's',
          Condition: {
            NumericLessThan: { a: 5 },
            Bool: { b: [true, 'false'] },
            StringLike: { __proto__: 'x', c: 'd' },
          },
        },
      }),
    )
    expect(read).toEqual({
      document: {
        version: '2012-10-17',
        id: 'i',
        statements: [
          {
            sid: 's',
            effect: 'Allow',
            action: ['*'],
            resource: ['*'],
            condition: [
              { operator: 'NumericLessThan', key: 'a', values: ['5'] },
              { operator: 'Bool', key: 'b', values: ['true', 'false'] },
              { operator: 'StringLike', key: 'c', values: ['d'] },
            ],
          },
        ],
      },
    })
  })

  it('keeps the types of principals apart', () => {
    const principal = { Federated: 'a', AWS: ['b', 'c'] }
    const read = readPolicy(JSON.stringify({ Statement: { Effect: 'Allow', Action: '*', Principal: principal } }))
    expect(read).toMatchObject({
      document: {
        statements: [
          {
            principal: {
              bare: false,
              entries: [
                { type: 'AWS', value: 'b' },
                { type: 'AWS', value: 'c' },
                { type: 'Federated', value: 'a' },
              ],
            },
          },
        ],
      },
    })
  })

  it('refuses a text longer than the limit of the API', () => {
    const padded = (length: number) => text.padEnd(length)
    expect(readPolicy(padded(limits.document.max))).toHaveProperty('document')
    expect(readPolicy(padded(limits.document.max + 1))).toEqual({ malformed: 'Syntax errors in policy.' })
  })

  it('refuses deep nesting without a stack overflow', () => {
    const deep = (open: string, close: string) => open.repeat(30_000) + close.repeat(30_000)
    for (const json of [deep('[', ']'), deep('{"a":', '}').replace(':}', ':1}'), `{"Statement":${deep('[', ']')}}`]) {
      expect(readPolicy(json)).toEqual({ malformed: 'Syntax errors in policy.' })
    }
    expect(readPolicy('['.repeat(130_000))).toEqual({ malformed: 'This policy contains invalid Json' })
  })

  it('checks by kind of policy', () => {
    expect(parsePolicy(text, 'identity')).toHaveProperty('document')
    expect(parsePolicy(text, 'trust')).toEqual({ malformed: 'Missing required field Principal' })
    expect(parsePolicy(text, 'resource')).toEqual({ malformed: 'Missing required field Principal' })
  })
})

describe('policySize', () => {
  it('counts characters without white space, also within texts', () => {
    expect(policySize('{ "a" :\n\t"b c"\r\n}')).toBe('{"a":"bc"}'.length)
    expect(policySize('')).toBe(0)
    expect(policySize('  \u00a0\u2003 ')).toBe(0)
  })
})

describe('outlineJson', () => {
  const spans = (json: string) => outlineJson(json).statements.map(({ start, end }) => json.slice(start, end))

  it('finds the statements', () => {
    expect(spans('{"Statement":{"a":{"Statement":{}}}}')).toEqual(['{"a":{"Statement":{}}}'])
    expect(spans('{"Id":"x","Statement":[ {"a":1} ,{"b":[{}]}],"Version":{"c":1}}')).toEqual(['{"a":1}', '{"b":[{}]}'])
    expect(spans('{"Other":[{"a":1}]}')).toEqual([])
    expect(spans('{"Id":"\\"Statement\\":{","\\u0053tatement":{"}":"]\\\\"}}')).toEqual(['{"}":"]\\\\"}'])
  })

  it('reports repeated names in the same object only', () => {
    expect(outlineJson('{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}],"d":"a"}').repeats).toBe(false)
    expect(outlineJson('{"x":[{"a":1,"b":2,"a":3}]}').repeats).toBe(true)
    expect(outlineJson('{"__proto__":1,"__proto__":2}').repeats).toBe(true)
    expect(outlineJson('{"a":["b","b"],"b":"b"}').repeats).toBe(false)
  })

  it('reads escapes', () => {
    expect(outlineJson('{"a":"\\",\\"a\\":\\"","b":1}').repeats).toBe(false)
    expect(outlineJson('{"a":"\\\\","a":1}').repeats).toBe(true)
  })

  it('gives lines and columns from 1', () => {
    const json = '{\n  "Statement": {}\n}'
    const [span] = outlineJson(json).statements
    expect(positionOf(json, 0)).toEqual({ Line: 1, Column: 1 })
    expect(positionOf(json, span?.start ?? 0)).toEqual({ Line: 2, Column: 16 })
    expect(positionOf(json, span?.end ?? 0)).toEqual({ Line: 2, Column: 18 })
  })
})
