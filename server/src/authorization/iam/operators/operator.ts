// What a condition operator is. Sets of values, missing keys, IfExists, negation and the set qualifiers are handled once
// for all of them in `condition.ts`.
import type { RequestContext } from '../request-context.ts'

/** One value of a policy. */
export interface ValueMatcher {
  /** Whether one value of the request fits. A value that cannot be read as what the operator compares does not. */
  matches(value: string, context: RequestContext): boolean
  /** False when the policy's value has a variable that stands for nothing in this request. */
  resolves?(context: RequestContext): boolean
}

export interface Operator {
  /** The operator holds when no value matches. */
  readonly negated: boolean
  /** `variables`: whether `${` begins a variable in this document. */
  compile(value: string, variables: boolean): ValueMatcher
}

export const never: ValueMatcher = { matches: () => false }

/** An operator and its negation. */
export const both = (compile: Operator['compile']): [positive: Operator, negative: Operator] => [
  { negated: false, compile },
  { negated: true, compile },
]
