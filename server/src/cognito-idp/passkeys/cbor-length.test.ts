import { expect, test } from 'vitest'
import { endOfItem } from './cbor-length.ts'

const end = (hex: string, start?: number) => endOfItem(Buffer.from(hex, 'hex'), start)

// Encodings of RFC 8949, appendix A.
test.each([
  '00',
  '17',
  '1818',
  '1903e8',
  '1a000f4240',
  '1b000000e8d4a51000',
  '3903e7',
  'fb3ff199999999999a',
  'f4',
  'f6',
  '40',
  '4401020304',
  '6449455446',
  '83010203',
  '8301820203820405',
  'a201020304',
  'a26161016162820203',
  'c11a514b67b0',
  'd818456449455446',
])('%s ends with its last byte, and not before', (hex) => {
  expect(end(hex)).toBe(hex.length / 2)
  expect(end(`${hex}00`)).toBe(hex.length / 2)
  expect(end(`ff${hex}`, 1)).toBe(1 + hex.length / 2)
  for (let kept = 0; kept < hex.length; kept += 2) expect(end(hex.slice(0, kept))).toBeUndefined()
})

test.each([
  '5f42010243030405ff',
  '9fff',
  'bfff',
  'ff',
  '1c',
  '5bffffffffffffffff00',
  'bb7fffffffffffffff00',
  '9b0000000100000000',
])('%s is no item of a definite length that is there', (hex) => {
  expect(end(hex)).toBeUndefined()
})

test('an item that is nested deep ends, and takes no stack', () => {
  const deep = `${'81'.repeat(30_000)}00`
  expect(end(deep)).toBe(30_001)
  expect(end(deep.slice(0, -2))).toBeUndefined()
})
