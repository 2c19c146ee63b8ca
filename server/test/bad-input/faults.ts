// The faults that tests put into inputs: into a member, into a JSON body, and into the value of a member in any
// protocol.
import type { Shape } from '../../src/contract/service-model.ts'
import { type Damage, RawJson, type Tree } from './json-tree.ts'

const LONG = 900 * 1024

const raw = (name: string, make?: () => string): RawJson => new RawJson(name, make)

const nested = (open: string, inner: string, close: string, depth: number): RawJson =>
  raw(`${depth} times ${open}`, () => open.repeat(depth) + inner + close.repeat(depth))

/** A value in its place, or (undefined) none. */
const anywhere: readonly (Tree | undefined)[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  raw('-0'),
  raw('1e400'),
  raw('-1e400'),
  raw('1e-400'),
  raw('NaN'),
  raw('Infinity'),
  raw('01'),
  raw('undefined'),
  raw('9007199254740993'),
  raw('2147483648'),
  raw('-2147483649'),
  raw('99999999999999999999999999'),
  '',
  ' ',
  'null',
  [],
  [null],
  [[]],
  {},
  raw('{"__proto__":{"polluted":true}}'),
  raw('{"constructor":{"prototype":{"polluted":true}}}'),
  raw('{"":""}'),
  raw('{"length":4294967295}'),
  raw('{"toString":null,"valueOf":null}'),
  nested('[', '', ']', 60),
  nested('[', '', ']', 10_000),
  nested('{"a":', '1', '}', 10_000),
  raw('"\\ud800"'),
  raw('"a\\udc00b"'),
  raw('"\\udfff\\ud800"'),
  raw('"\\u0000"'),
  raw('"a\\u0000b"'),
  raw('"unfinished'),
  raw("'single'"),
  raw('"bad \\x escape"'),
  raw('"a\nraw line feed"'),
  raw('text of 900 KB', () => `"${'x'.repeat(LONG)}"`),
]

/** Texts with a meaning to a system behind the API, such as SQL or the file system (injection). */
export const texts: readonly Tree[] = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  "' or '1'='1",
  "'; drop table users; --",
  '" or ""="',
  '%',
  '../../etc/passwd',
  '$'.concat('{jndi:ldap://x}'),
  '{{7*7}}',
  '<script>alert(1)</script>',
  'a\r\nSet-Cookie: x=y',
  '\u0001\u0002\u001f\u007f',
  '\u202eright to left',
  '\ufeffmarked',
  'admіn',
  'ａｎｎ',
  'e\u0301',
  '\u{1f600}'.repeat(40),
  'ﷺ'.repeat(20),
  'İ'.repeat(60),
  '\u0345'.repeat(100),
  '\u2028\u2029',
  'x'.repeat(2049),
  'a'.repeat(65_536),
  '\u{1f600}'.repeat(65_536),
  `a@${'b.'.repeat(30_000)}`,
  ' '.repeat(65_536),
]

/** Everything that may replace a member of a shape; `undefined` takes it away. */
export type Faults = (shape: Shape) => readonly (Tree | undefined)[]

/** The faults of JSON. */
export function jsonFaults(shape: Shape): readonly (Tree | undefined)[] {
  switch (shape.type) {
    case 'string': {
      const lengths = [
        ...(shape.min ? ['x'.repeat(shape.min - 1)] : []),
        ...(shape.max !== undefined && shape.max <= 200_000 ? ['x'.repeat(shape.max + 1), 'x'.repeat(shape.max)] : []),
      ]
      const cases = shape.enum ? [(shape.enum[0] as string).toLowerCase(), `${shape.enum[0]} `] : []
      return [...anywhere, ...texts, ...lengths, ...cases]
    }
    case 'list':
    case 'map':
      return [...anywhere, ...crowds(shape.max)]
    case 'structure':
    case 'document':
      return [...anywhere, ...crowds(undefined)]
    default:
      return [
        ...anywhere,
        ...[shape.min, shape.max].flatMap((edge) => (edge === undefined ? [] : [edge - 1, edge + 1])),
      ]
  }
}

/** Lists and maps with too much in them. */
function crowds(max: number | undefined): readonly Tree[] {
  const list = (item: string, count: number): RawJson =>
    raw(`${count} times ${item}`, () => `[${Array.from({ length: count }, () => item).join(',')}]`)
  const map = (value: string, count: number): RawJson =>
    raw(
      `${count} keys with ${value}`,
      () => `{${Array.from({ length: count }, (_, at) => `"key${at}":${value}`).join(',')}}`,
    )
  const over = Math.min(max ?? 1000, 10_000) + 1
  return [
    list('""', over),
    list('"x"', 200_000),
    list('{}', 250_000),
    list('{"Name":"x"}', 60_000),
    list('null', 180_000),
    list('[]', 250_000),
    map('"x"', over),
    map('""', 60_000),
    map('null', 60_000),
    raw('{"__proto__":"x"}'),
    raw('{"constructor":"x","__proto__":"y","toString":"z"}'),
    raw('{"a":"1","a":"2","\\u0061":"3"}'),
    raw('{"\\ud800":"x"}'),
    raw('{"\\u0000":"x"}'),
    raw('{"":"x"}'),
    raw('a key of 300 KB', () => `{"${'k'.repeat(300_000)}":"x"}`),
    raw('a value of 128 KB', () => `{"k":"${'v'.repeat(131_073)}"}`),
  ]
}

/** Changes that make a token, an id or a name another one. */
export const damages: readonly Damage[] = [
  ...[0, 0.3, 0.5, 0.8, 1].map((where) => ({
    name: `another character at ${where}`,
    apply: (text: string): string => {
      const at = Math.min(text.length - 1, Math.floor(text.length * where))
      return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
    },
  })),
  { name: 'cut', apply: (text) => text.slice(0, -1) },
  { name: 'halved', apply: (text) => text.slice(0, Math.ceil(text.length / 2)) },
  { name: 'doubled', apply: (text) => text + text },
  { name: 'longer', apply: (text) => `${text}A` },
  { name: 'padded', apply: (text) => `${text}=` },
  { name: 'with a space', apply: (text) => ` ${text}` },
  { name: 'with a NUL', apply: (text) => `${text}\0` },
  {
    name: 'in the other case',
    apply: (text) => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase()),
  },
  { name: 'backwards', apply: (text) => [...text].reverse().join('') },
  {
    name: 'with a homoglyph',
    apply: (text) => text.replace(/[aeo]/, (letter) => ({ a: 'а', e: 'е', o: 'о' })[letter] ?? ''),
  },
]

/** The parts of a request that differ from the protocol's usual ones. */
export interface Sent {
  body: Uint8Array
  method?: string
  /** Path and query. */
  path?: string
  contentType?: string
}

export interface RequestFault {
  name: string
  /** It takes the server some time to read, whatever the operation. */
  large: boolean
  sent(): Sent
}

/** Bodies that are no input at all, made from the text of a good one. */
export function jsonRequestFaults(good: string): RequestFault[] {
  const bytes = Buffer.from(good)
  const middle = Math.floor(bytes.length / 2)
  const spliced = (...inserted: number[]): Buffer =>
    Buffer.concat([bytes.subarray(0, middle), Buffer.from(inserted), bytes.subarray(middle)])
  const inner = good.slice(1, -1)
  const comma = inner === '' ? '' : ','
  const small: [string, string | Uint8Array][] = [
    ['empty', ''],
    ['white space', ' \r\n\t'],
    ['null', 'null'],
    ['true', 'true'],
    ['a number', '42'],
    ['a string', '"text"'],
    ['a list', '[]'],
    ['a list of the input', `[${good}]`],
    ['an empty object', '{}'],
    ['open', '{'],
    ['an open string', '{"'],
    ['cut in the middle', bytes.subarray(0, middle)],
    ['cut by one byte', bytes.subarray(0, -1)],
    ['with a byte order mark', `\ufeff${good}`],
    ['in UTF-16', Buffer.from(`\ufeff${good}`, 'utf16le')],
    ['with trailing garbage', `${good}x`],
    ['twice', good + good],
    ['with a NUL behind', `${good}\0`],
    ['with a comma too many', `{${inner},}`],
    ['with a comment', `{/**/${inner}}`],
    ['with a lone continuation byte', spliced(0x80)],
    ['with an overlong slash', spliced(0xc0, 0xaf)],
    ['with a surrogate in UTF-8', spliced(0xed, 0xa0, 0x80)],
    ['with a code point too high', spliced(0xf4, 0x90, 0x80, 0x80)],
    ['with a cut sequence at the end', Buffer.concat([bytes, Buffer.from([0xe2, 0x82])])],
    ['with 0xff', spliced(0xff)],
    ['a form', 'UserPoolId=x&ClientId=y'],
    ['XML', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['gzip', Buffer.from('1f8b0800000000000003ab56ca48cdc9c9570200', 'hex')],
    ['brackets in a string', `{${inner}${comma}"Extra":"${'['.repeat(10_000)}"}`],
    [
      'members that pollute',
      `{${inner}${comma}"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`,
    ],
    ['every member twice', `{${inner}${comma}${inner}}`],
  ]
  const extra = (value: string): string => `{${inner}${comma}"Extra":${value}}`
  const large: [string, () => string][] = [
    ['nested lists 500,000 deep', () => '['.repeat(500_000)],
    ['nested objects 100,000 deep', () => '{"a":'.repeat(100_000)],
    ['nested behind a member', () => extra('['.repeat(10_000) + ']'.repeat(10_000))],
    [
      '50,000 unknown members',
      () => extra(`0,${Array.from({ length: 50_000 }, (_, at) => `"m${at}":${at}`).join(',')}`),
    ],
    ['900 KB of blanks', () => ' '.repeat(LONG) + good],
    ['an unknown member of 900 KB', () => extra(`"${'x'.repeat(LONG)}"`)],
    ['a number of 900 KB', () => extra('9'.repeat(LONG))],
    ['escapes of 900 KB', () => extra(`"${'\\u0041'.repeat(LONG / 6)}"`)],
    ['more than 1 MiB', () => extra(`"${'x'.repeat(1024 * 1024)}"`)],
  ]
  return [
    ...small.map(([name, body]) => ({ name, large: false, sent: () => ({ body: Buffer.from(body as string) }) })),
    ...large.map(([name, body]) => ({ name, large: true, sent: () => ({ body: Buffer.from(body()) }) })),
  ]
}
