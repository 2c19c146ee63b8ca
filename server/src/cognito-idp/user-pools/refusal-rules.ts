// How rules for settings say no: an error of the API and its text. Pure.

export interface Refusal<Errors extends string = 'InvalidParameterException'> {
  readonly error: Errors
  readonly message: string
}

export const invalid = (message: string): Refusal => ({ error: 'InvalidParameterException', message })

/** The first rule that is broken; the rules after it are not asked. */
export function firstRefusal<Errors extends string>(
  rules: readonly (() => Refusal<Errors> | undefined)[],
): Refusal<Errors> | undefined {
  for (const rule of rules) {
    const refusal = rule()
    if (refusal) return refusal
  }
  return undefined
}

/** Throws a refusal through the operation's own `fail`, which takes only the errors that the operation declares. */
export function enforce<Errors extends string>(
  fail: (error: Errors, message: string) => Error,
  refusal: Refusal<Errors> | undefined,
): void {
  if (refusal) throw fail(refusal.error, refusal.message)
}
