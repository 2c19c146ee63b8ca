// Hot statements, built and compiled once. Kysely builds a statement anew for each call, which costs more than SQLite
// takes to run it; here the first call of each statement compiles it, and later ones fill in their parameters.
import { createHash } from 'node:crypto'
import type { Compilable, CompiledQuery, InsertQueryBuilder, InsertResult } from 'kysely'
import type { Db } from './database.ts'
import type { Schema } from './schema.ts'

type Parameter = string | number | null

/** 132 bits: names of two statements do not collide. */
const NAME_LENGTH = 22

/**
 * A statement as a function of its parameters. `build` runs once for each number of parameters (one that takes a rest of
 * them writes as many rows) and must put each into the statement as it is (no arithmetic on it, no branch by it).
 * Parameters of the answer's function are in the order of `build`'s.
 */
export function statement<Parameters extends Parameter[], Row>(
  build: (db: Db, ...parameters: Parameters) => Compilable<Row>,
): (db: Db, ...parameters: Parameters) => Promise<{ rows: Row[]; affected: number }> {
  const run = prepare(build, false)
  return (db, ...parameters) => run(db, parameters)
}

/** A statement that reads one row by its whole key, or finds none: SQLite answers it for half of what a list costs. */
export function rowStatement<Parameters extends Parameter[], Row>(
  build: (db: Db, ...parameters: Parameters) => Compilable<Row>,
): (db: Db, ...parameters: Parameters) => Promise<Row | undefined> {
  const run = prepare(build, true)
  return async (db, ...parameters) => (await run(db, parameters)).rows[0]
}

function prepare<Parameters extends Parameter[], Row>(
  build: (db: Db, ...parameters: Parameters) => Compilable<Row>,
  oneRow: boolean,
): (db: Db, parameters: Parameters) => Promise<{ rows: Row[]; affected: number }> {
  let compiledFor: unknown
  const compiled: Compiled<Row>[] = []
  return async (db, parameters) => {
    // Engines spell parameters differently, and one process may run several (tests do).
    const engine = db.getExecutor().adapter.constructor
    if (compiledFor !== engine) compiled.length = 0
    compiledFor = engine
    compiled[parameters.length] ??= compile(db, build, parameters)
    const { query, name, places } = compiled[parameters.length] as Compiled<Row>
    const values = places
      ? query.parameters.map((value, i) => (places[i] === undefined ? value : parameters[places[i]]))
      : parameters
    const { query: node, queryId, sql } = query
    const prepared: PreparedQuery<Row> = { query: node, queryId, sql, parameters: values, oneRow, name }
    const result = await db.executeQuery<Row>(prepared)
    return { rows: result.rows, affected: Number(result.numAffectedRows ?? 0n) }
  }
}

/** What an engine gets to run. */
export interface PreparedQuery<Row> extends CompiledQuery<Row> {
  /** True: there is one row at most. */
  readonly oneRow: boolean
  /** The same for the same SQL, in every process: an engine may prepare the statement under it once for each connection. */
  readonly name: string
}

interface Compiled<Row> {
  query: CompiledQuery<Row>
  name: string
  /**
   * For each position of a parameter in the query, its index; undefined for a value that `build` put there itself. Undefined
   * as a whole where the positions are the indexes, as in inserts, which may have thousands.
   */
  places: (number | undefined)[] | undefined
}

function compile<Parameters extends Parameter[], Row>(
  db: Db,
  build: (db: Db, ...parameters: Parameters) => Compilable<Row>,
  sample: Parameters,
): Compiled<Row> {
  // Marker values that no statement contains show which position belongs to which parameter.
  const markers = sample.map((_, i) => `\u0000parameter ${i}\u0000`)
  const query = build(db, ...(markers as Parameters)).compile()
  // By a map, as an insert of many rows has thousands of them.
  const placeOf = new Map<unknown, number>(markers.map((marker, i) => [marker, i]))
  const places = query.parameters.map((value) => placeOf.get(value))
  const used = new Set(places)
  const unused = markers.findIndex((_, i) => !used.has(i))
  if (unused >= 0) throw new Error(`A statement does not use its parameter ${unused + 1}: ${query.sql}`)
  const name = createHash('sha256').update(query.sql).digest('base64url').slice(0, NAME_LENGTH)
  return { query, name, places: places.every((place, i) => place === i) ? undefined : places }
}

/**
 * An insert as a function of rows, one or many, whose columns are those of the table; compiled once for each number of
 * rows. `clause` adds what follows the values, such as `on conflict`; it takes no parameters.
 */
export function insertStatement<Table extends keyof Schema, Answer = InsertResult>(
  table: Table,
  clause?: (insert: InsertQueryBuilder<Schema, Table, InsertResult>) => Compilable<Answer>,
): (db: Db, ...rows: readonly Schema[Table][]) => Promise<{ rows: Answer[]; affected: number }> {
  let columns: readonly string[] = []
  const insert = prepare((db, ...values: Parameter[]) => {
    const count = values.length / columns.length
    const rows = Array.from({ length: count }, (_, row) =>
      Object.fromEntries(columns.map((column, i) => [column, values[row * columns.length + i]])),
    )
    const into = db.insertInto(table).values(rows as never)
    return clause ? clause(into) : (into as Compilable<unknown> as Compilable<Answer>)
  }, false)
  return (db, ...rows) => {
    // The types leave a row no choice: all have the columns of the first.
    if (columns.length === 0) columns = Object.keys(rows[0] ?? {})
    const values: Parameter[] = []
    for (const row of rows) for (const column of columns) values.push(row[column as keyof Schema[Table]] as Parameter)
    return insert(db, values)
  }
}

/**
 * Keys for a statement that takes a rest of them (`in`): the last one is repeated up to the next power of two. Each
 * number of parameters is another statement, and PostgreSQL keeps every one prepared on each connection.
 */
export function paddedKeys(keys: readonly string[]): string[] {
  const last = keys.at(-1)
  if (last === undefined) return []
  const length = 2 ** Math.ceil(Math.log2(keys.length))
  return [...keys, ...Array<string>(length - keys.length).fill(last)]
}
