// Numeric operators: decimal numbers with sign, fraction and exponent. Whole numbers are compared exactly at any size.
import { both, incomparable, type Operator } from './operator.ts'

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/
const whole = /^[+-]?\d+$/
/** Characters. Parsing a longer text as a number would be slow. */
const MAX_LENGTH = 64

/** The number in a text, or undefined. No blanks, no hexadecimal, no infinity. */
export function parseNumber(text: string): number | bigint | undefined {
  if (text.length > MAX_LENGTH || !decimal.test(text)) return undefined
  const number = Number(text)
  if (Number.isSafeInteger(number) || !whole.test(text)) return Number.isFinite(number) ? number : undefined
  return BigInt(text.startsWith('+') ? text.slice(1) : text)
}

type Test = (requested: number | bigint, wanted: number | bigint) => boolean

const compare =
  (test: Test): Operator['compile'] =>
  (value) => {
    const wanted = parseNumber(value)
    if (wanted === undefined) return incomparable
    return {
      matches(text) {
        const requested = parseNumber(text)
        return requested === undefined ? undefined : test(requested, wanted)
      },
    }
  }

// Not `===`: a number and a bigint may be equal.
export const [numericEquals, numericNotEquals] = both(compare((a, b) => a <= b && a >= b))
export const [numericLessThan] = both(compare((a, b) => a < b))
export const [numericLessThanEquals] = both(compare((a, b) => a <= b))
export const [numericGreaterThan] = both(compare((a, b) => a > b))
export const [numericGreaterThanEquals] = both(compare((a, b) => a >= b))
