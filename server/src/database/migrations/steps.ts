// The two statements that migrations are made of. `key_text` is text compared by bytes on every engine (see migrate.ts).
import type { Step } from './migrate.ts'

/** Steps of one migration, whose number begins their names. */
export const stepsOf = (
  number: string,
): { table: (name: string, columns: string) => Step; index: (name: string, on: string) => Step } => ({
  table: (name, columns) => ({
    name: `${number}-${name}`,
    statement: `create table if not exists ${name} (${columns})`,
  }),
  index: (name, on) => ({ name: `${number}-${name}`, statement: `create index if not exists ${name} on ${on}` }),
})
