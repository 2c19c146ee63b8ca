// The condition operators by name. `Null` is not among them: it tests for a key, not its value (condition.ts).
import { arnLike, arnNotLike } from './operators/arn.ts'
import { binaryEquals } from './operators/binary.ts'
import { bool } from './operators/bool.ts'
import * as date from './operators/date.ts'
import { ipAddress, notIpAddress } from './operators/ip.ts'
import * as numeric from './operators/numeric.ts'
import type { Operator } from './operators/operator.ts'
import * as string from './operators/string.ts'

export const operators: ReadonlyMap<string, Operator> = new Map([
  ['StringEquals', string.stringEquals],
  ['StringNotEquals', string.stringNotEquals],
  ['StringEqualsIgnoreCase', string.stringEqualsIgnoreCase],
  ['StringNotEqualsIgnoreCase', string.stringNotEqualsIgnoreCase],
  ['StringLike', string.stringLike],
  ['StringNotLike', string.stringNotLike],
  ['NumericEquals', numeric.numericEquals],
  ['NumericNotEquals', numeric.numericNotEquals],
  ['NumericLessThan', numeric.numericLessThan],
  ['NumericLessThanEquals', numeric.numericLessThanEquals],
  ['NumericGreaterThan', numeric.numericGreaterThan],
  ['NumericGreaterThanEquals', numeric.numericGreaterThanEquals],
  ['DateEquals', date.dateEquals],
  ['DateNotEquals', date.dateNotEquals],
  ['DateLessThan', date.dateLessThan],
  ['DateLessThanEquals', date.dateLessThanEquals],
  ['DateGreaterThan', date.dateGreaterThan],
  ['DateGreaterThanEquals', date.dateGreaterThanEquals],
  ['Bool', bool],
  ['BinaryEquals', binaryEquals],
  ['IpAddress', ipAddress],
  ['NotIpAddress', notIpAddress],
  ['ArnEquals', arnLike],
  ['ArnNotEquals', arnNotLike],
  ['ArnLike', arnLike],
  ['ArnNotLike', arnNotLike],
])

export type SetQualifier = 'ForAllValues' | 'ForAnyValue'

export interface OperatorName {
  /** Undefined for `Null`. */
  operator: Operator | undefined
  qualifier: SetQualifier | undefined
  ifExists: boolean
}

/** `ForAnyValue:StringLikeIfExists` in its parts; undefined for an unknown operator. */
export function parseOperatorName(name: string): OperatorName | undefined {
  if (name === 'Null') return { operator: undefined, qualifier: undefined, ifExists: false }
  const [, qualifier, base = '', suffix] = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/s.exec(name) ?? []
  const operator = operators.get(base)
  if (!operator) return undefined
  return { operator, qualifier: qualifier as SetQualifier | undefined, ifExists: suffix !== undefined }
}
