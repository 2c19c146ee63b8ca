// Standard Schema (https://standardschema.dev), version 1, as far as it is used here: Zod, Valibot, ArkType and others.

export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => Result<Output> | Promise<Result<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

type Result<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] }

/** A schema for each key; `*` for all others. */
// biome-ignore lint/suspicious/noExplicitAny: schemas of any types.
export type Schemas = Readonly<Record<string, StandardSchema<any, any>>>

/** The values of a dataset with these schemas. */
export type ValuesOf<S extends Schemas> = {
  [Key in keyof S as Key extends '*' ? string : Key]: NonNullable<S[Key]['~standard']['types']>['output']
}

/** Validates with the schema of a key; without one everything is valid. Only schemas that answer at once. */
export function validate(schemas: Schemas | undefined, key: string, value: unknown): Result<unknown> {
  const schema = schemas && (Object.hasOwn(schemas, key) ? schemas[key] : schemas['*'])
  if (!schema) return { value }
  const result = schema['~standard'].validate(value)
  if (result instanceof Promise) throw new TypeError(`The schema of ${key} is asynchronous.`)
  return result
}
