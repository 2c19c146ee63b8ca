// The refusals that rules return. Pure. `refused` is always the reason: an error name of the API, with its text, in
// rules that only the API uses (the type here); a reason of the rule's own, which each door words, in rules that
// several doors use.

import type { ErrorName } from './errors.ts'

export interface Refusal<Errors extends ErrorName = 'InvalidParameterException'> {
  readonly refused: Errors
  readonly message: string
}

export const invalid = (message: string): Refusal => ({ refused: 'InvalidParameterException', message })

/** The refusal of the first rule that refuses; the rules after it are not evaluated. */
export function firstRefusal<Errors extends ErrorName>(
  rules: readonly (() => Refusal<Errors> | undefined)[],
): Refusal<Errors> | undefined {
  for (const rule of rules) {
    const refusal = rule()
    if (refusal) return refusal
  }
  return undefined
}

/**
 * Throws a refusal, if there is one, through the operation's `fail`, which accepts only errors that the operation
 * declares.
 */
export function enforce<Errors extends ErrorName>(
  fail: (error: Errors, message: string) => Error,
  refusal: Refusal<Errors> | undefined,
): void {
  if (refusal) throw fail(refusal.refused, refusal.message)
}
