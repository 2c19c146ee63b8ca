// The type of condition operators. Sets of values, missing keys, IfExists, negation and the set qualifiers are handled
// once for all of them in `condition.ts`.
import type { RequestContext } from '../request-context.ts'

/** One compiled value of a condition. */
export interface ValueMatcher {
  /**
   * Whether one value of the request matches. Undefined when the two cannot be compared: one of them has not the type
   * of the operator, or a variable of the policy cannot be resolved. Neither the operator nor its negation holds then
   * in an Allow.
   */
  matches(value: string, context: RequestContext): boolean | undefined
}

export interface Operator {
  /** The operator holds when no value matches. */
  readonly negated: boolean
  /** `variables`: whether `${` begins a variable in this document. */
  compile(value: string, variables: boolean): ValueMatcher
}

/** For a value of a policy that has not the type of the operator. */
export const incomparable: ValueMatcher = { matches: () => undefined }

/** An operator and its negation. */
export const both = (compile: Operator['compile']): [positive: Operator, negative: Operator] => [
  { negated: false, compile },
  { negated: true, compile },
]
