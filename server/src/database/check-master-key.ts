// Checks that the database was written under this master key: a start with another one must fail at once, not at the
// first sign-in.
import { rmSync } from 'node:fs'
import { lostMasterKey } from '../config/secrets.ts'
import type { Sealer } from '../crypto/seal.ts'
import { affectedRows, type Database, DatabaseUnavailable } from './database.ts'

const NAME = 'master-key-check'

/** Where the master key of this start is kept; undefined for one that the environment gave. */
export interface MasterKeyFile {
  readonly path: string
  /** Whether this start made it. */
  readonly made: boolean
}

/**
 * Stores a sealed text at the first start and opens it at later ones. `warn` hears of a key that is older than the
 * database. Throws DatabaseUnavailable when the text does not open; then no key is left that this start made.
 */
export async function checkMasterKey(
  database: Database,
  sealer: Sealer,
  file: MasterKeyFile | undefined,
  warn: (text: string) => void,
): Promise<void> {
  const added = await database.db
    .insertInto('meta')
    .values({ name: NAME, value: sealer.seal(NAME, NAME, '') })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirstOrThrow()
  if (affectedRows(added) > 0 && file?.made === false)
    warn(
      `The database is empty, but ${file.path} is from an earlier start. If you expect data here, stop the server and put the database back; if this is to be a new one, all is well.`,
    )
  const { value } = await database.db
    .selectFrom('meta')
    .select('value')
    .where('name', '=', NAME)
    .executeTakeFirstOrThrow()
  if (sealer.open(NAME, value, '')) return
  if (!file?.made)
    throw new DatabaseUnavailable(
      'The master key does not open this database: it was filled under another one. Set COGNOMEN_MASTER_KEY to that key, or list it in COGNOMEN_PREVIOUS_MASTER_KEYS.',
    )
  rmSync(file.path, { force: true })
  throw new DatabaseUnavailable(lostMasterKey('the database', file.path))
}
