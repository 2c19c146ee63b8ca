import { expect, it } from 'vitest'
import { createSealer } from '../crypto/seal.ts'
import { openCursor, sealCursor } from './cursor.ts'

const sealer = createSealer({ current: Buffer.alloc(32, 1) })
const HOUR_MS = 60 * 60 * 1000
const scope = { operation: 'ListGroups', request: ['pool', undefined, 'filter'] }
const cursor = sealCursor(sealer, scope, ['position', ''], 0)

it('opens for the same request within an hour', () => {
  expect(openCursor(sealer, scope, cursor, HOUR_MS - 1)).toEqual(['position', ''])
  expect(openCursor(sealer, scope, cursor, HOUR_MS)).toBeUndefined()
})

it.each([
  ['another operation', { ...scope, operation: 'ListUsers' }],
  ['another pool', { ...scope, request: ['pool2', undefined, 'filter'] }],
  ['a part more', { ...scope, request: ['pool', undefined, 'filter', undefined] }],
  ['a part less', { ...scope, request: ['pool', 'filter'] }],
  ['an empty part for an absent one', { ...scope, request: ['pool', '', 'filter'] }],
  ['parts cut elsewhere', { operation: 'ListGroups', request: ['pool"', undefined, '"filter'] }],
])('does not open for %s', (_, other) => {
  expect(openCursor(sealer, other, cursor, 0)).toBeUndefined()
})

it('does not open when it is damaged or made by another installation', () => {
  for (let at = 0; at < cursor.length; at++) {
    const damaged = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1)
    expect(openCursor(sealer, scope, damaged, 0)).toBeUndefined()
  }
  for (const text of ['', 'x', cursor.slice(0, -1), `${cursor}A`, `${cursor}=`, ` ${cursor}`])
    expect(openCursor(sealer, scope, text, 0)).toBeUndefined()
  expect(openCursor(createSealer({ current: Buffer.alloc(32, 2) }), scope, cursor, 0)).toBeUndefined()
})
