// A database of its own for each test file that wants a real PostgreSQL.
import { type Postgres, startPostgres } from '../../scripts/postgres.mjs'

/** Where the test run's global set-up hands out databases (see global-setup.ts). */
export const databaseServiceVariable = 'COGNOMEN_TEST_DATABASES'

let ownCluster: Promise<Postgres> | undefined

/**
 * A new, empty database. In a test run all files share one cluster, started when the first one asks; the databases of a
 * file are dropped once it is over. Outside a test run a cluster is started that ends with this process.
 */
export async function postgresUrl(): Promise<string> {
  const service = process.env[databaseServiceVariable]
  if (!service) {
    ownCluster ??= startPostgres()
    return (await ownCluster).createDatabase()
  }
  const response = await fetch(service, {
    method: 'POST',
    // A kept connection may be closed by the service at the moment when the next request is sent on it.
    headers: { connection: 'close' },
    body: JSON.stringify(await currentTest()),
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(answer)
  return answer
}

async function currentTest() {
  const { expect } = await import('vitest')
  return { worker: process.env['VITEST_POOL_ID'] ?? '', file: expect.getState().testPath ?? '' }
}
