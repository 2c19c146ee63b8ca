// The faults that tests put into forms of the query protocol: into the fields of one member, and into the whole form.
import type { Shape } from '../../src/contract/service-model.ts'
import { type Faults, type RequestFault, type Sent, texts } from './faults.ts'
import { RawForm, RawJson, type Tree } from './json-tree.ts'

const FORM = 'application/x-www-form-urlencoded'
const LONG = 900 * 1024

const fields = (name: string, make: (prefix: string) => string): RawForm => new RawForm(name, make)
const long = (name: string, make: (prefix: string) => string): RawForm => new RawForm(name, make, true)
const many = (count: number, make: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => make(at)).join('&')

/** In place of any member. */
const anywhere: readonly (Tree | undefined)[] = [
  undefined,
  '',
  ' ',
  'null',
  '0',
  '-1',
  '1.5',
  '1e400',
  '+1',
  'NaN',
  '2147483648',
  '9007199254740993',
  '9'.repeat(400),
  'TRUE',
  'yes',
  [],
  {},
  ['', ''],
  fields('twice', (at) => `${at}=a&${at}=b`),
  fields('without an equals sign', (at) => at),
  fields('with two equals signs', (at) => `${at}=a=b`),
  fields('a percent sign', (at) => `${at}=%`),
  fields('half an escape', (at) => `${at}=%4`),
  fields('an escape of nothing', (at) => `${at}=%zz`),
  fields('bytes that are no UTF-8', (at) => `${at}=%ff%fe%80`),
  fields('a surrogate in UTF-8', (at) => `${at}=%ed%a0%80`),
  fields('an overlong slash', (at) => `${at}=%c0%af`),
  fields('a NUL', (at) => `${at}=a%00b`),
  fields('a NUL in the name', (at) => `${at}%00=x`),
  fields('a name with an escape', (at) => `${at.slice(0, -1)}%${at.charCodeAt(at.length - 1).toString(16)}=x`),
  fields('a plus', (at) => `${at}=a+b`),
  fields('a semicolon', (at) => `${at}=a;${at}=b`),
  fields('brackets', (at) => `${at}[0]=x&${at}[]=y`),
  fields('a dot behind', (at) => `${at}.=x`),
  fields('two dots', (at) => `${at}..member..1=x`),
  fields('an empty item', (at) => `${at}.member.1=`),
  fields('an item without its number', (at) => `${at}.member=x`),
  fields('an item called x', (at) => `${at}.member.x=x`),
  fields('the item 0', (at) => `${at}.member.0=x`),
  fields('the item -1', (at) => `${at}.member.-1=x`),
  fields('the item 1.5', (at) => `${at}.member.1.5=x`),
  fields('the item 1e3', (at) => `${at}.member.1e3=x`),
  fields('the item 01', (at) => `${at}.member.01=x&${at}.member.1=y`),
  fields('the item 4294967296', (at) => `${at}.member.4294967296=x`),
  fields('the item 999999', (at) => `${at}.member.999999=x`),
  fields('a gap in the numbers', (at) => `${at}.member.1=x&${at}.member.3=y`),
  fields('numbers backwards', (at) => `${at}.member.3=x&${at}.member.2=y&${at}.member.1=z`),
  fields('an item twice', (at) => `${at}.member.1=x&${at}.member.1=y`),
  fields('a flattened list', (at) => `${at}.1=x&${at}.2=y`),
  fields('an item that is both', (at) => `${at}.member.1=x&${at}.member.1.Key=y`),
  fields('itself and below', (at) => `${at}=x&${at}.member.1=y&${at}.Key=z`),
  fields('entries of a map', (at) => `${at}.entry.1.key=a&${at}.entry.1.value=b`),
  fields('__proto__', (at) => `${at}.__proto__=x&${at}.__proto__.polluted=true`),
  fields('the item __proto__', (at) => `${at}.member.__proto__=x&${at}.member.__proto__.polluted=true`),
  fields('constructor', (at) => `${at}.constructor.prototype.polluted=true&constructor.prototype.polluted=true`),
  fields('length', (at) => `${at}.member.length=4294967295&${at}.length=4294967295`),
  fields('nested 40 deep', (at) => `${at}${'.member.1'.repeat(20)}=x`),
  long('nested 10,000 deep', (at) => `${at}${'.a'.repeat(10_000)}=x`),
  long('items nested 10,000 deep', (at) => `${at}${'.member.1'.repeat(10_000)}=x`),
  long('1,000 names nested 300 deep', (at) => many(1000, (turn) => `${at}${'.a'.repeat(300)}.b${turn}=x`)),
  long('9,000 items', (at) => many(9000, (turn) => `${at}.member.${turn + 1}=x`)),
  long('9,000 structures', (at) => many(9000, (turn) => `${at}.member.${turn + 1}.Key=x`)),
  long('100,000 items', (at) => many(100_000, (turn) => `${at}.member.${turn + 1}=`).slice(0, LONG)),
  long('text of 900 KB', (at) => `${at}=${'x'.repeat(LONG)}`),
  long('escapes of 900 KB', (at) => `${at}=${'%41'.repeat(LONG / 3)}`),
  long('a name of 900 KB', (at) => `${at}.${'k'.repeat(LONG)}=x`),
]

/** Invalid policy documents, for members that take a policy and for all others. */
const documents: readonly Tree[] = [
  '{}',
  '[]',
  '{"Statement":null}',
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","__proto__":{"polluted":true}}}',
  '{"Statement":[{"Effect":"Allow","NotAction":[[]],"Resource":{}}]}',
  '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"__proto__":{"a":"b"},"constructor":1}}]}',
  `{"Statement":[{"Effect":"Allow","Action":"a:$\{*}","Resource":"arn:aws:$\{aws:username}:$\{"}]}`,
  new RawJson('1,000 nested statements', () => '{"Statement":['.repeat(1000)),
  new RawJson('100,000 nested lists', () => '['.repeat(100_000)),
]

/** Everything that may replace a member of this shape in a form. */
export const formFaults: Faults = (shape: Shape) => {
  if (shape.type !== 'string')
    return shape.type === 'integer' || shape.type === 'long'
      ? [...anywhere, ...[shape.min, shape.max].flatMap((edge) => (edge === undefined ? [] : [edge - 1, edge + 1]))]
      : anywhere
  const { min = 0, max } = shape
  const lengths = [
    ...(min > 0 ? ['x'.repeat(min - 1)] : []),
    ...(max !== undefined && max <= 200_000 ? ['x'.repeat(max + 1), 'x'.repeat(max)] : []),
  ]
  const cases = shape.enum ? [(shape.enum[0] as string).toLowerCase(), `${shape.enum[0]} `] : []
  return [...anywhere, ...texts, ...documents, ...lengths, ...cases]
}

/** Requests that are no form, or a form and more, made from the text of a good one. */
export function formRequestFaults(good: string): RequestFault[] {
  const bytes = Buffer.from(good)
  const middle = Math.floor(bytes.length / 2)
  const nothing = Buffer.alloc(0)
  const [action = '', version = ''] = good.split('&')
  const small: [string, Partial<Sent> | string | Uint8Array][] = [
    ['empty', ''],
    ['white space', ' \r\n\t'],
    ['JSON', '{"Action":"GetUser"}'],
    ['JSON that says so', { body: Buffer.from('{}'), contentType: 'application/json' }],
    ['XML', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['cut in the middle', bytes.subarray(0, middle)],
    ['cut by one byte', bytes.subarray(0, -1)],
    ['with a byte order mark', `\ufeff${good}`],
    ['in UTF-16', Buffer.from(good, 'utf16le')],
    ['twice', `${good}&${good}`],
    ['with ampersands', `&&${good}&&&`],
    ['with a NUL behind', `${good}\0`],
    ['with raw bytes', Buffer.concat([bytes, Buffer.from('&x=\xff\xfe\x80', 'latin1')])],
    ['with raw bytes in the middle', Buffer.concat([bytes.subarray(0, middle), Buffer.from([0xed, 0xa0, 0x80])])],
    ['with a broken escape', `${good}&%=%&%zz=%u0041`],
    ['with names that pollute', `${good}&__proto__=x&__proto__.polluted=true&constructor.prototype.polluted=true`],
    ['with another action behind', `${good}&Action=NoSuchAction`],
    ['with another action in front', `Action=NoSuchAction&${good}`],
    ['with another version', good.replace(version, 'Version=1999-01-01')],
    ['with a version that is none', good.replace(version, 'Version=__proto__')],
    ['with an action that is none', good.replace(action, 'Action=__proto__')],
    ['with an action escaped', good.replace('Action=', 'Action=%43')],
    ['as text', { body: bytes, contentType: 'text/plain' }],
    ['as parts', { body: bytes, contentType: 'multipart/form-data; boundary=x' }],
    ['in another character set', { body: bytes, contentType: `${FORM}; charset=utf-16` }],
    ['in the query', { body: nothing, path: `/?${good}` }],
    ['in the query of a GET', { body: nothing, method: 'GET', path: `/?${good}` }],
    ['in the query and in the body', { body: bytes, path: `/?${good}` }],
    ['in the query and in the body of a GET', { body: bytes, method: 'GET', path: `/?${good}` }],
    ['another action in the query', { body: bytes, path: '/?Action=DeleteUser&Version=2010-05-08&UserName=x' }],
    ['another member in the query', { body: bytes, path: '/?UserName=x&RoleArn=y&__proto__=z' }],
    ['a broken query', { body: bytes, path: '/?%&%zz&=&&a=%ff' }],
    ['by PUT', { body: bytes, method: 'PUT' }],
    ['by DELETE', { body: bytes, method: 'DELETE' }],
  ]
  const large: [string, () => string][] = [
    ['100,000 fields', () => `${good}&${many(100_000, (at) => `f${at}`)}`],
    ['9,000 unknown fields', () => `${good}&${many(9000, (at) => `f${at}.a.b.c=x`)}`],
    ['900,000 ampersands', () => `${good}${'&'.repeat(LONG)}`],
    ['100,000 times one field', () => `${good}&${'a=b&'.repeat(100_000)}`],
    ['a name of 10,000 parts', () => `${good}&${'a.'.repeat(10_000)}=x`],
    ['400,000 dots', () => `${good}&${'.'.repeat(400_000)}=x`],
    ['a field of 900 KB', () => `${good}&x=${'x'.repeat(LONG)}`],
    ['percent signs of 900 KB', () => `${good}&x=${'%'.repeat(LONG)}`],
    ['more than 1 MiB', () => `${good}&x=${'x'.repeat(1024 * 1024)}`],
  ]
  return [
    ...small.map(([name, sent]) => ({
      name,
      large: false,
      sent: (): Sent =>
        typeof sent === 'string' || sent instanceof Uint8Array
          ? { body: Buffer.from(sent as string) }
          : { body: nothing, ...sent },
    })),
    ...large.map(([name, body]) => ({ name, large: true, sent: () => ({ body: Buffer.from(body()) }) })),
  ]
}
