// Files that are none, or are meant to harm: each row costs itself and no other, and a file that is none ends its job.
import { gzipSync } from 'node:zlib'
import { AdminGetUserCommand, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { makePool, useTestServer } from '../../../test/harness.ts'
import { importFile, logOf } from '../../../test/user-import.ts'

const server = useTestServer()
let pool: string
beforeAll(async () => {
  pool = (await makePool(server, { AutoVerifiedAttributes: ['email'] })).Id
})

const HEADER = 'cognito:username,cognito:mfa_enabled,email,email_verified,name\n'
let sequence = 0

const good = (name: string) => `${name},false,${name}@example.com,true,Ann`

/** Where a row stands in a file: what goes before it, what ends it, and what comes after. `n` makes names of their own. */
const places: [string, (n: number) => { before: string; end: string; after: string[]; line: number }][] = [
  ['between others', (n) => ({ before: `${HEADER}${good(`a${n}`)}\n`, end: '\n', after: [good(`b${n}`)], line: 3 })],
  [
    'at the start, after a byte order mark',
    (n) => ({ before: `\ufeff${HEADER}`, end: '\n', after: [good(`c${n}`)], line: 2 }),
  ],
  ['at the end, without a line break', (n) => ({ before: `${HEADER}${good(`d${n}`)}\n`, end: '', after: [], line: 3 })],
  [
    'between lines that end with CRLF',
    (n) => ({ before: `${HEADER.trim()}\r\n\r\n${good(`e${n}`)}\r\n`, end: '\r\n', after: [good(`f${n}`)], line: 4 }),
  ],
  [
    'as the last of a step',
    (n) => ({
      before: `${HEADER}${Array.from({ length: 255 }, (_, i) => `${good(`g${n}x${i}`)}\n`).join('')}`,
      end: '\n',
      after: [good(`h${n}`)],
      line: 257,
    }),
  ],
]

describe.each(places)('a row %s', (_where, placeOf) => {
  const latin1 = Buffer.from('x,false,x@example.com,true,M\xfcller', 'latin1')
  it.each([
    ['with an open quote', 'x,false,x@example.com,true,"Ann', 'A quoted field is not closed.'],
    ['with text after a quote', 'x,false,x@example.com,true,"Ann"a', 'A quoted field is followed by other characters.'],
    ['with a field too few', 'x,false,x@example.com,true', 'The row has 4 fields, and the header 5.'],
    ['with a field too many', 'x,false,x@example.com,true,Ann,', 'The row has 6 fields, and the header 5.'],
    ['of NUL', '\0', 'The row has a NUL character.'],
    ['with NUL', 'x,false,x@example.com,true,A\0nn', 'The row has a NUL character.'],
    ['in Latin-1', latin1, 'The row is not in UTF-8.'],
    ['with half a surrogate', Buffer.from([0xed, 0xa0, 0x80]), 'The row is not in UTF-8.'],
    ['with an overlong form', Buffer.from([0xc0, 0xaf]), 'The row is not in UTF-8.'],
    [
      'of 16,001 characters',
      `x,false,x@example.com,true,${'y'.repeat(15_974)}`,
      'The row is longer than 16000 characters.',
    ],
    ['of a megabyte', 'y'.repeat(1_000_000), 'The row is longer than 16000 characters.'],
    ['with a long value', `x,false,x@example.com,true,${'y'.repeat(2_049)}`, /String must be shorter than 2048/],
    ['without a name', ',false,x@example.com,true,Ann', 'The User Record has no valid cognito:username.'],
    ['with a space in its name', 'x y,false,x@example.com,true,', 'The User Record has no valid cognito:username.'],
    ['with a name of 129 characters', `${'n'.repeat(129)},false,x@example.com,true,`, /no valid cognito:username/],
    ['without a flag', 'x,,x@example.com,true,', /does not set cognito:mfa_enabled to true or false/],
    ['with another flag', 'x,false,x@example.com,yes,', /email_verified: Boolean must be true or false/],
    ['with a bad address', 'x,false,x@@example.com,true,', 'Invalid email address format.'],
    ['of two recipients', 'x,false,"x@example.com,y@example.com",true,', 'Invalid email address format.'],
    ['verified without an address', 'x,false,,true,', 'The User Record sets email_verified to true and has no email.'],
    ['not verified', 'x,false,x@example.com,false,', /does not set any of the auto verified attributes to true/],
    ['of commas', ','.repeat(15_999), 'The row has 16000 fields, and the header 5.'],
    ['of empty quotes', '"","","","",""', 'The User Record has no valid cognito:username.'],
    ['of a quote', '"', 'A quoted field is not closed.'],
    ['of 15,999 quotes', '"'.repeat(15_999), 'A quoted field is not closed.'],
    ['of a backslash', '\\', 'The row has 1 fields, and the header 5.'],
    ['with a backslash before each comma', 'x\\,false\\,x@example.com\\,true\\,', /^The row has 1 fields/],
    ['that is the header again', HEADER.trim(), /does not set cognito:mfa_enabled to true or false/],
    ['with 1 for true', 'x,1,x@example.com,true,', /does not set cognito:mfa_enabled to true or false/],
    ['with a control character in its name', 'x\u0001,false,x@example.com,true,', /no valid cognito:username/],
    ['with an invisible character in its name', 'x\u200b,false,x@example.com,true,', /no valid cognito:username/],
    ['with a second header of a message', 'x,false,x@example.com\rBcc: y@example.com,true,', /^Invalid email address/],
    ['with an address of another width', 'x,false,ｘ@example.com,true,', 'Invalid email address format.'],
    ['with an address of 300 characters', `x,false,${'y'.repeat(300)}@example.com,true,`, /^Invalid email address/],
  ])('%s fails alone', async (_what, row, text) => {
    const { before, end, after, line } = placeOf(++sequence)
    const rows = after.map((each) => `${each}\n`).join('')
    const file = Buffer.concat([before, row, `${end}${rows}`].map((part) => Buffer.from(part)))
    const job = await importFile(server, pool, file)
    // Blank lines count as lines; the header is one.
    const users = before.split('\n').filter((each) => each.trim() !== '').length - 1 + after.length
    expect(job).toMatchObject({ Status: 'Succeeded', ImportedUsers: users, SkippedUsers: 0, FailedUsers: 1 })
    const log = await logOf(server, pool, job.JobId)
    expect(log).toHaveLength(users + 1)
    const start = `[FAILED] Line Number ${line} - `
    const told = log.filter((each) => !each.startsWith('[SUCCEEDED]'))
    expect(told).toHaveLength(1)
    expect(told[0]?.slice(0, start.length)).toBe(start)
    if (typeof text === 'string') expect(told[0]?.slice(start.length)).toBe(text)
    else expect(told[0]?.slice(start.length)).toMatch(text)
  })
})

describe('a value', () => {
  it.each([
    ['a formula', "=cmd|' /C calc'!A0"],
    ['HTML', '<script>alert(1)</script>'],
    ['SQL', "'; drop table users; --"],
    ['an escape sequence', '\u001b[31mred'],
    ['right-to-left marks', '\u202eabc'],
    ['emoji', '👩‍👩‍👧‍👦'],
    ['a key of objects', '__proto__'],
    ['a carriage return', 'A\rB'],
    ['a backslash', 'A\\'],
    ['a byte order mark', 'A\ufeffB'],
    ['another formula', '@SUM(1+1)*cmd|calc!A0'],
    ['what looks like a log', '[SUCCEEDED] Line Number 2 - The import succeeded.'],
  ])('with %s is data', async (_what, value) => {
    const name = `data${++sequence}`
    const job = await importFile(server, pool, `${HEADER}${name},false,${name}@example.com,true,${value}\n`)
    expect(job).toMatchObject({ ImportedUsers: 1, FailedUsers: 0 })
    const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId: pool, Username: name }))
    expect(user.UserAttributes).toContainEqual({ Name: 'name', Value: value })
  })

  it('named like a key of objects is a user', async () => {
    for (const name of ['__proto__', 'constructor', 'toString'])
      expect(await importFile(server, pool, `${HEADER}${good(name)}\n`)).toMatchObject({ ImportedUsers: 1 })
  })
})

describe('a file', () => {
  const zip = Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0', 'latin1'), gzipSync('x')])
  it.each([
    ['that is empty', '', 'The file is empty.'],
    ['of a line break', '\n', 'The header of the file does not match the user pool: there is no attribute "".'],
    ['that is a ZIP archive', zip, /^The (header of the file does not match|row is not in UTF-8)/],
    ['that is compressed', gzipSync(HEADER), /^The (header of the file does not match|row is not in UTF-8)/],
    ['in UTF-16', Buffer.from(`\ufeff${HEADER}`, 'utf16le'), 'The file is in UTF-16: save it in UTF-8.'],
    ['of JSON', '{"users": []}', /^The header of the file does not match the user pool: there is no attribute /],
    ['with semicolons', HEADER.replaceAll(',', ';'), /^The header of the file does not match the user pool/],
    ['with an unknown column', `color,${HEADER}`, /there is no attribute "color"\.$/],
    ['with sub', `sub,${HEADER}`, /there is no attribute "sub"\.$/],
    ['with a password column that its job has not', `cognito:password_hash,${HEADER}`, /"cognito:password_hash"\.$/],
    ['with __proto__', `__proto__,${HEADER}`, /there is no attribute "__proto__"\.$/],
    ['with a column twice', `email,${HEADER}`, 'The header of the file has the column email twice.'],
    [
      'without the names',
      HEADER.slice('cognito:username,'.length),
      'The header of the file has no column cognito:username.',
    ],
    ['without the flag', 'cognito:username,email\n', 'The header of the file has no column cognito:mfa_enabled.'],
    ['with a header that never ends', 'x'.repeat(2_000_000), 'The row is longer than 16000 characters.'],
    ['whose lines end with CR', `${HEADER}ann,false,a@example.com,true,\n`.replaceAll('\n', '\r'), /end with CR alone/],
    ['with an escape sequence in its header', `\u001b[31m,${HEADER}`, /there is no attribute "\?\[31m"\.$/],
    ['with a header that is not closed', `"${HEADER}`, 'A quoted field is not closed.'],
    ['with 5,000 columns', `${'email,'.repeat(2_500)}${HEADER}`, 'The header of the file has the column email twice.'],
    ['in UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x63, 0, 0, 0]), 'The file is in UTF-16: save it in UTF-8.'],
    ['of rows alone', 'ann,false,ann@example.com,true,Ann\n', /there is no attribute "ann"\.$/],
  ])('%s ends its job', async (_what, file, message) => {
    const job = await importFile(server, pool, typeof file === 'string' ? `${file}` : file)
    expect(job).toMatchObject({ Status: 'Failed', ImportedUsers: 0, SkippedUsers: 0, FailedUsers: 0 })
    if (typeof message === 'string') expect(job.CompletionMessage).toBe(message)
    else expect(job.CompletionMessage).toMatch(message)
    expect(job.CompletionMessage?.length).toBeLessThanOrEqual(128)
    expect(await logOf(server, pool, job.JobId)).toEqual([])
  })

  it('with a byte order mark, CRLF, blank lines and no line break at its end is read', async () => {
    const lines = ['marked1,false,m1@example.com,true,A', '', '  ', 'marked2,false,m2@example.com,true,']
    const job = await importFile(server, pool, `\ufeff${HEADER.trim()}\r\n${lines.join('\r\n')}`)
    expect(job).toMatchObject({ Status: 'Succeeded', ImportedUsers: 2, FailedUsers: 0 })
    expect((await logOf(server, pool, job.JobId)).map((line) => line.slice(0, 27))).toEqual([
      '[SUCCEEDED] Line Number 2 -',
      '[SUCCEEDED] Line Number 5 -',
    ])
  })

  it('of 300,000 blank lines is one of no users', async () => {
    const job = await importFile(server, pool, `${HEADER}${'\n'.repeat(300_000)}${good('afterall')}\n`)
    expect(job).toMatchObject({ Status: 'Succeeded', ImportedUsers: 1, SkippedUsers: 0, FailedUsers: 0 })
    expect(await logOf(server, pool, job.JobId)).toEqual(['[SUCCEEDED] Line Number 300002 - The import succeeded.'])
  })

  it('without several required attributes fails each row by one line of its log', async () => {
    const required = ['given_name', 'family_name'].map((Name) => ({ Name, Required: true, Mutable: true }))
    const strict = await makePool(server, { AutoVerifiedAttributes: ['email'], Schema: required })
    const columns = 'cognito:username,cognito:mfa_enabled,email,email_verified,given_name,family_name\n'
    const job = await importFile(server, strict.Id, `${columns}x,false,x@example.com,true,,\n`)
    expect(job).toMatchObject({ Status: 'Succeeded', FailedUsers: 1 })
    expect(await logOf(server, strict.Id, job.JobId)).toEqual([
      '[FAILED] Line Number 2 - Attributes did not conform to the schema: given_name: The attribute is required family_name: The attribute is required',
    ])
  })

  it('of a header alone succeeds without users', async () => {
    const other = await makePool(server, { AutoVerifiedAttributes: ['email'] })
    expect(await importFile(server, other.Id, HEADER)).toMatchObject({ Status: 'Succeeded', ImportedUsers: 0 })
    expect((await server.admin.send(new ListUsersCommand({ UserPoolId: other.Id }))).Users).toEqual([])
  })
})
