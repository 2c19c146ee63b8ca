import pg from 'pg'
import { expect, test } from 'vitest'
import { postgresUrl } from './postgres.ts'

async function query(url: string, statement: string): Promise<unknown[][]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query({ text: statement, rowMode: 'array' })).rows
  } finally {
    await client.end()
  }
}

test('gives a new, empty database at each call', async () => {
  const [first, second] = await Promise.all([postgresUrl(), postgresUrl()])
  expect(first).not.toBe(second)
  await query(first, 'CREATE TABLE a (b text PRIMARY KEY)')
  expect(await query(second, "SELECT count(*) FROM pg_tables WHERE tablename = 'a'")).toEqual([['0']])
})

test('orders text by language unless told otherwise, as most installations do', async () => {
  const url = await postgresUrl()
  const ordered = (by: string) =>
    query(url, `SELECT string_agg(x, '' ORDER BY x ${by}) FROM (VALUES ('a'), ('B')) v (x)`)
  expect(await ordered('')).toEqual([['aB']])
  expect(await ordered('COLLATE "C"')).toEqual([['Ba']])
})

test('allows many connections', async () => {
  expect(await query(await postgresUrl(), 'SHOW max_connections')).toEqual([['300']])
})
