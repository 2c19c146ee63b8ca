import { describe, expect, it } from 'vitest'
import { limits } from './limits.ts'
import { parsePolicy, policySize, readPolicy } from './policy-grammar.ts'
import { outlineJson, statementPositions } from './policy-json.ts'

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
})

describe('statementPositions', () => {
  const columns = (json: string) => statementPositions(json).map(({ start, end }) => [start.Column, end.Column])

  it('has lines and columns from 1', () => {
    expect(statementPositions('{\n  "Statement": {\n}\n}')).toEqual([
      { start: { Line: 2, Column: 17 }, end: { Line: 3, Column: 2 } },
    ])
  })

  // Answers of the service (AWS CLI reference of simulate-custom-policy; AdministratorAccess in answers to
  // SimulatePrincipalPolicy): the column after the brace or bracket that follows "Statement".
  it('begins after the brace of a statement that is alone', () => {
    const statement =
      '{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}'
    expect(columns(`{"Version":"2012-10-17","Statement":${statement}}`)).toEqual([[38, 167]])
  })

  it('begins after the bracket of a list, then where the statement before it ended', () => {
    const administrator = JSON.stringify(
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      null,
      2,
    )
    expect(statementPositions(administrator)).toEqual([{ start: { Line: 3, Column: 17 }, end: { Line: 8, Column: 6 } }])
    expect(columns('{"Version": "2012-10-17", "Statement": [{"a":1}, {"b":2}]}')).toEqual([
      [41, 48],
      [48, 57],
    ])
  })

  it('has each statement, with escapes and nested lists around', () => {
    expect(columns('{"Id":[[1]],"Statement":[{"}":"]\\\\"},{"b":[{}]}],"Version":{"c":1}}')).toHaveLength(2)
  })
})
