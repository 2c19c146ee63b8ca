// Checks that the database was written under this master key: a start with another one must fail at once, not at the
// first sign-in.
import type { Sealer } from '../crypto/seal.ts'
import { type Database, DatabaseUnavailable } from './database.ts'

const NAME = 'master-key-check'

/**
 * Stores a sealed text at the first start and opens it at later ones. Throws DatabaseUnavailable when it does not open.
 */
export async function checkMasterKey(database: Database, sealer: Sealer): Promise<void> {
  await database.db
    .insertInto('meta')
    .values({ name: NAME, value: sealer.seal(NAME, NAME, '') })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const { value } = await database.db
    .selectFrom('meta')
    .select('value')
    .where('name', '=', NAME)
    .executeTakeFirstOrThrow()
  if (sealer.open(NAME, value, '')) return
  throw new DatabaseUnavailable(
    'The master key does not open this database: it was filled under another one. Set COGNOMEN_MASTER_KEY to that key, or list it in COGNOMEN_PREVIOUS_MASTER_KEYS.',
  )
}
