// The statements that migrations are made of. `key_text` is text compared by bytes on every engine (see migrate.ts).
import type { Step } from './migrate.ts'

interface Steps {
  table: (name: string, columns: string) => Step
  /**
   * A table of short rows. SQLite keeps them in their primary key instead of beside it (`without rowid`, which other
   * engines do not have): one page less for each write, and half of the space.
   */
  tableOfKeys: (name: string, columns: string) => Step
  index: (name: string, on: string) => Step
}

/** Steps of one migration, whose number begins their names. */
export const stepsOf = (number: string): Steps => ({
  table: (name, columns) => ({
    name: `${number}-${name}`,
    statement: `create table if not exists ${name} (${columns})`,
  }),
  tableOfKeys: (name, columns) => ({
    name: `${number}-${name}`,
    statement: `create table if not exists ${name} (${columns}) without rowid`,
  }),
  index: (name, on) => ({ name: `${number}-${name}`, statement: `create index if not exists ${name} on ${on}` }),
})
