// How rules say no. Pure. In every answer of a rule `refused` is why: an error of the API with its text here, where only
// the API asks; a reason of the rule's own, which each door words, where several do.

import type { ErrorName } from './errors.ts'

export interface Refusal<Errors extends ErrorName = 'InvalidParameterException'> {
  readonly refused: Errors
  readonly message: string
}

export const invalid = (message: string): Refusal => ({ refused: 'InvalidParameterException', message })

/** The first rule that is broken; the rules after it are not asked. */
export function firstRefusal<Errors extends ErrorName>(
  rules: readonly (() => Refusal<Errors> | undefined)[],
): Refusal<Errors> | undefined {
  for (const rule of rules) {
    const refusal = rule()
    if (refusal) return refusal
  }
  return undefined
}

/** Throws a refusal through the operation's own `fail`, which takes only the errors that the operation declares. */
export function enforce<Errors extends ErrorName>(
  fail: (error: Errors, message: string) => Error,
  refusal: Refusal<Errors> | undefined,
): void {
  if (refusal) throw fail(refusal.refused, refusal.message)
}
