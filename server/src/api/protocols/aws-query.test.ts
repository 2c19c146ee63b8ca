import { describe, expect, it } from 'vitest'
import { iamModel } from '../../contract/iam.model.ts'
import { stsModel } from '../../contract/sts.model.ts'
import { ApiError, type ErrorName } from '../../errors.ts'
import { queryErrorParts, readQueryInput, writeQueryError, writeQueryOutput } from './aws-query.ts'

const form = (body: string, rawQuery = '') => ({
  headers: [['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8']] as const,
  rawQuery,
  body: Buffer.from(body),
})
const readSts = (operation: string, body: string, rawQuery?: string): Record<string, unknown> =>
  readQueryInput(stsModel, stsModel.operations[operation]?.input, form(body, rawQuery))
const readIam = (operation: string, body: string): Record<string, unknown> =>
  readQueryInput(iamModel, iamModel.operations[operation]?.input, form(body))

const refusal = (read: () => unknown): unknown => {
  try {
    return read()
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
}

describe('reads', () => {
  it('members, lists of structures and lists of text', () => {
    expect(
      readSts(
        'AssumeRole',
        'Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws&RoleSessionName=a+b&DurationSeconds=900' +
          '&Tags.member.1.Key=k&Tags.member.1.Value=v%20w&Tags.member.2.Key=l&Tags.member.2.Value=' +
          '&TransitiveTagKeys.member.1=k&PolicyArns.member.1.arn=arn%3Ap&Unknown=1',
      ),
    ).toEqual({
      RoleArn: 'arn:aws',
      RoleSessionName: 'a b',
      DurationSeconds: 900,
      Tags: [
        { Key: 'k', Value: 'v w' },
        { Key: 'l', Value: '' },
      ],
      TransitiveTagKeys: ['k'],
      PolicyArns: [{ arn: 'arn:p' }],
    })
  })

  it('items in the order of their numbers, whatever the gaps', () => {
    expect(readIam('UntagRole', 'RoleName=r&TagKeys.member.10=c&TagKeys.member.2=b&TagKeys.member.1=a')).toEqual({
      RoleName: 'r',
      TagKeys: ['a', 'b', 'c'],
    })
  })

  it('an empty list, sent as an empty field', () => {
    expect(readIam('UntagRole', 'RoleName=r&TagKeys=')).toEqual({ RoleName: 'r', TagKeys: [] })
  })

  it('the query string, and the form before it', () => {
    expect(readSts('GetAccessKeyInfo', '', 'Action=GetAccessKeyInfo&AccessKeyId=A')).toEqual({ AccessKeyId: 'A' })
    expect(readSts('GetAccessKeyInfo', 'AccessKeyId=B', 'AccessKeyId=A')).toEqual({ AccessKeyId: 'B' })
  })

  it('escapes, blanks, names without a value, and empty fields', () => {
    expect(readSts('AssumeRole', '&RoleArn=%E2%82%AC+%2B%26%3D=a&&%52oleSessionName&')).toEqual({
      RoleArn: '€ +&==a',
      RoleSessionName: '',
    })
  })

  it('truth values in any case', () => {
    expect(readIam('CreatePolicyVersion', 'SetAsDefault=True')).toEqual({ SetAsDefault: true })
  })

  it('names that mean something to JavaScript as nothing', () => {
    const input = readIam('CreateRole', '__proto__.polluted=1&constructor=2&Tags.member.__proto__.Key=x&RoleName=r')
    expect(Object.entries(input)).toEqual([
      ['RoleName', 'r'],
      ['Tags', []],
    ])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('refuses', () => {
  it.each([
    ['text for a number', 'DurationSeconds=ten', 'DurationSeconds is not of the type integer'],
    ['a fraction', 'DurationSeconds=1.5', 'DurationSeconds is not of the type integer'],
    ['a number of 33 bits', 'DurationSeconds=2147483648', 'DurationSeconds is not of the type integer'],
    ['an empty number', 'DurationSeconds=', 'DurationSeconds is not of the type integer'],
  ])('%s', (_, body, text) => {
    expect(refusal(() => readSts('AssumeRole', body))).toBe(`MalformedInput: The value of ${text}`)
  })

  it.each([
    ['an escape that is not UTF-8', 'RoleArn=%ff%fe'],
    ['an overlong escape', 'RoleArn=a%c0%afb'],
    ['a surrogate in UTF-8', 'RoleArn=%ed%a0%80'],
    ['a broken escape', 'RoleArn=%zz'],
    ['an unfinished escape', 'RoleArn=%4'],
    ['such an escape in a name', '%ff=x'],
  ])('%s, in the form and in the query string', (_, body) => {
    const text = 'MalformedInput: The request holds an escape that is broken, or not valid UTF-8'
    expect(refusal(() => readSts('AssumeRole', body))).toBe(text)
    expect(refusal(() => readSts('AssumeRole', '', body))).toBe(text)
  })

  it('bytes that are not UTF-8', () => {
    const body = Buffer.from([...Buffer.from('RoleArn='), 0xe2, 0x82])
    expect(refusal(() => readQueryInput(stsModel, 'AssumeRoleRequest', { ...form(''), body }))).toBe(
      'MalformedInput: The form is not valid UTF-8',
    )
  })

  it('more than 10,000 fields', () => {
    expect(refusal(() => readSts('AssumeRole', 'a=&'.repeat(10_001)))).toBe(
      'MalformedInput: The request holds too many fields',
    )
  })

  it('names nested without end, by not reading them', () => {
    expect(readSts('AssumeRole', `${'Tags.'.repeat(100_000)}x=1`)).toEqual({})
  })
})

describe('writes', () => {
  it('answers in their envelope, dates in whole seconds', () => {
    const output = {
      Credentials: {
        AccessKeyId: 'ASIA',
        SecretAccessKey: 's/+',
        SessionToken: 't',
        Expiration: new Date('2030-01-01T00:00:00.250Z'),
      },
      PackedPolicySize: 6,
      SourceIdentity: undefined,
    }
    expect(writeQueryOutput(stsModel, 'AssumeRole', stsModel.operations['AssumeRole'] as never, output, 'id')).toBe(
      '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>' +
        '<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s/+</SecretAccessKey><SessionToken>t</SessionToken>' +
        '<Expiration>2030-01-01T00:00:00Z</Expiration></Credentials><PackedPolicySize>6</PackedPolicySize>' +
        '</AssumeRoleResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></AssumeRoleResponse>',
    )
  })

  it('only the request id for an operation without output', () => {
    expect(writeQueryOutput(iamModel, 'DeleteRole', iamModel.operations['DeleteRole'] as never, undefined, 'id')).toBe(
      '<DeleteRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DeleteRoleResponse>',
    )
  })

  it('text as XML can hold it', () => {
    const output = { RoleNames: [], PolicyNames: ['<a>&"\r', 'b\0\ud800c'], IsTruncated: false }
    expect(
      writeQueryOutput(iamModel, 'ListRolePolicies', iamModel.operations['ListRolePolicies'] as never, output, 'id'),
    ).toContain(
      '<PolicyNames><member>&lt;a&gt;&amp;&quot;&#xD;</member><member>bc</member></PolicyNames><IsTruncated>false</IsTruncated>',
    )
  })
})

describe('errors', () => {
  const codeOf = (operation: string, name: ErrorName): unknown =>
    queryErrorParts(stsModel, stsModel.operations[operation], new ApiError(name, 'text'))

  it('of the path have names of their own', () => {
    expect(codeOf('AssumeRole', 'MissingAuthenticationTokenException')).toEqual({
      code: 'MissingAuthenticationToken',
      status: 403,
      message: 'Request is missing Authentication Token',
    })
    expect(codeOf('AssumeRole', 'UnrecognizedClientException')).toMatchObject({
      code: 'InvalidClientTokenId',
      status: 403,
    })
    expect(codeOf('AssumeRole', 'InvalidSignatureException')).toMatchObject({
      code: 'SignatureDoesNotMatch',
      status: 403,
    })
    expect(codeOf('AssumeRole', 'IncompleteSignatureException')).toMatchObject({
      code: 'IncompleteSignature',
      status: 400,
    })
    expect(codeOf('AssumeRole', 'AccessDeniedException')).toMatchObject({ code: 'AccessDenied', status: 403 })
    expect(codeOf('AssumeRole', 'TooManyRequestsException')).toMatchObject({ code: 'Throttling', status: 400 })
  })

  it('about the credentials of the caller differ from those about a token in the input', () => {
    expect(codeOf('AssumeRole', 'ExpiredTokenException')).toMatchObject({ code: 'ExpiredToken', status: 403 })
    expect(codeOf('AssumeRoleWithWebIdentity', 'ExpiredTokenException')).toMatchObject({
      code: 'ExpiredTokenException',
      status: 400,
    })
  })

  it('of the contract have its codes and statuses', () => {
    expect(queryErrorParts(iamModel, undefined, new ApiError('NoSuchEntityException', 'x'))).toEqual({
      code: 'NoSuchEntity',
      status: 404,
      message: 'x',
    })
  })

  it('are XML', () => {
    expect(writeQueryError('urn:x', { code: 'A', status: 400, message: '<b>' }, 'id')).toBe(
      '<ErrorResponse xmlns="urn:x"><Error><Type>Sender</Type><Code>A</Code><Message>&lt;b&gt;</Message></Error><RequestId>id</RequestId></ErrorResponse>',
    )
  })
})
