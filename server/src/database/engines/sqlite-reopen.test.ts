import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqlite } from './sqlite.ts'

test('a closed database can be opened again at once by the same process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cognomen-'))
  for (let round = 0; round < 3; round++) {
    const { db, close } = openSqlite(join(folder, 'cognomen.db'))
    if (round === 0) await db.schema.createTable('meta').addColumn('name', 'text').addColumn('value', 'text').execute()
    expect(await db.selectFrom('meta').selectAll().execute()).toHaveLength(round)
    await db
      .insertInto('meta')
      .values({ name: 'round', value: String(round) })
      .execute()
    await close()
  }
  rmSync(folder, { recursive: true })
})
