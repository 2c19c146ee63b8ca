// What a condition operator is. Sets of values, missing keys, IfExists, negation and the set qualifiers are handled once
// for all of them in `condition.ts`.
import type { RequestContext } from '../request-context.ts'

/** One value of a policy. */
export interface ValueMatcher {
  /**
   * Whether one value of the request fits. Undefined when the two cannot be compared: one of them is not what the operator
   * compares, or the policy's has a variable that stands for nothing. That is no match, but not a difference either.
   */
  matches(value: string, context: RequestContext): boolean | undefined
}

export interface Operator {
  /** The operator holds when no value matches. */
  readonly negated: boolean
  /** `variables`: whether `${` begins a variable in this document. */
  compile(value: string, variables: boolean): ValueMatcher
}

/** Of a policy's value that is not what the operator compares. */
export const incomparable: ValueMatcher = { matches: () => undefined }

/** An operator and its negation. */
export const both = (compile: Operator['compile']): [positive: Operator, negative: Operator] => [
  { negated: false, compile },
  { negated: true, compile },
]
