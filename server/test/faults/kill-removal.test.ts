// `kill -9` in the middle of the removal of a deleted user pool: the next process goes on from its place, and nothing is left.
import { DeleteUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { startServer } from '../../../conformance/start-server.ts'
import { adminClient, makePool } from '../../../conformance/user-pool.ts'
import { openDatabase } from '../../src/database/open.ts'
import { until } from '../outbox-parts.ts'
import { postgresUrl } from '../postgres.ts'

const USERS = 100_000

test('a removal that was killed is gone on with from where it was', async () => {
  const url = await postgresUrl()
  const server = await startServer({ env: { DATABASE_URL: url, DATABASE_CONNECTIONS: '8' } })
  const database = await openDatabase({ engine: 'postgres', url, connections: 2 }, () => undefined)
  try {
    const sdk = adminClient(server)
    const { poolId } = await makePool(sdk)
    await sql`
      insert into users (user_sub, user_pool_id, username, status, enabled, attributes, credential_sealed,
        credential_set_at, credential_history_sealed, token_generation, mfa, identities, created_at, updated_at, version)
      select 'user ' || lpad(n::text, 6, '0'), ${poolId}, 'name ' || n, 'CONFIRMED', 1, '{}', '', 0, '', 0, '{}', '[]', 0, 0, 1
      from generate_series(1, ${USERS}::int) n`.execute(database.db)
    // As of one moment: a transaction of the killed process may yet be committed.
    const now = async () => {
      const { rows } = await sql<{ place: string | null; left: number }>`
        select (select payload from jobs where owner = ${poolId}) as place,
          (select count(*) from users where user_pool_id = ${poolId}) as left`.execute(database.db)
      return rows[0] as (typeof rows)[0]
    }
    await sdk.send(new DeleteUserPoolCommand({ UserPoolId: poolId }))
    sdk.destroy()
    await until(async () => Boolean((await now()).place), 60_000)
    await server.kill()
    const { place, left } = await now()
    expect(place).toMatch(/^\[0,"user \d{6}"\]$/)
    // Steps are whole: what lies up to the place is gone, and nothing else.
    expect(left).toBe(USERS - Number(place?.match(/\d{6}/)?.[0]))
    await server.restart()
    await until(async () => (await now()).place === null, 120_000)
    expect((await now()).left).toBe(0)
    expect(server.output()).not.toContain('"level":50')
  } finally {
    await database.close()
    await server.stop()
  }
}, 300_000)
