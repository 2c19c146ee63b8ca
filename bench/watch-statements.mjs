// Tells of each statement that a server in this process sends to its database. Call it before the server is loaded.
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** `sent` gets the text; on PostgreSQL `began` and `ended` are called around each, as several may be on their way. */
export function watchStatements({ sent, began = () => undefined, ended = () => undefined }) {
  watchSqlite(sent)
  const { Client } = require('pg')
  const { query } = Client.prototype
  Client.prototype.query = function (...args) {
    // The server makes a query with a callback; pg's own queries of a new connection have none.
    const [statement] = args
    const { callback } = statement
    if (callback) {
      sent(statement.text)
      began()
      statement.callback = (...answer) => {
        ended()
        callback(...answer)
      }
    }
    return query.apply(this, args)
  }
}

/** A module of SQLite whose statements are told of. Its own classes cannot be changed. */
const watched = (sqlite, sent) => ({
  ...sqlite,
  DatabaseSync: class extends sqlite.DatabaseSync {
    prepare(text) {
      const statement = super.prepare(text)
      const run =
        (name) =>
        (...values) => {
          sent(text)
          return statement[name](...values)
        }
      return {
        setReturnArrays: (enabled) => statement.setReturnArrays(enabled),
        columns: () => statement.columns(),
        ...Object.fromEntries(['all', 'get', 'run'].map((name) => [name, run(name)])),
      }
    }
  },
})

/** Whichever of the two runs (database/engines/sqlite-driver.ts). */
function watchSqlite(sent) {
  const { getBuiltinModule } = process
  process.getBuiltinModule = (name) => {
    const module = getBuiltinModule(name)
    return name === 'node:sqlite' && module ? watched(module, sent) : module
  }
  const file = require.resolve('@photostructure/sqlite')
  const sqlite = require(file)
  require.cache[file].exports = watched(sqlite, sent)
}
