// The statements that migrations are made of. `key_text` is text compared by bytes on every engine (see spelling.ts).

/** One idempotent statement, and what it makes. */
export interface Step {
  name: string
  statement: string
  /** The table that it makes. */
  table?: string
  /** The index that it makes, and of which table. */
  index?: { name: string; table: string }
}

interface Steps {
  table: (name: string, columns: string) => Step
  /**
   * A table of short rows. SQLite keeps them in their primary key instead of beside it (`without rowid`, which other
   * engines do not have): one page less for each write, and half of the space.
   */
  tableOfKeys: (name: string, columns: string) => Step
  /** `on` is a table and its columns, and may be followed by a condition: `codes (expires_at) where …`. */
  index: (name: string, on: string) => Step
}

/** Steps of one migration, whose number begins their names. */
export const stepsOf = (number: string): Steps => ({
  table: (name, columns) => ({
    name: `${number}-${name}`,
    statement: `create table if not exists ${name} (${columns})`,
    table: name,
  }),
  tableOfKeys: (name, columns) => ({
    name: `${number}-${name}`,
    statement: `create table if not exists ${name} (${columns}) without rowid`,
    table: name,
  }),
  index: (name, on) => ({
    name: `${number}-${name}`,
    statement: `create index if not exists ${name} on ${on}`,
    index: { name, table: on.slice(0, on.indexOf(' ')) },
  }),
})
