// Linking and merging against the tables: statements, and conflicts with changes between reading and writing.
import { beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { type Parts, useParts } from '../../../test/parts.ts'
import type { IdentityPool } from '../identity-pools/pool-store.ts'
import { deleteIdentity, removeLogins } from './change-identity.ts'
import { findIdentity, findOwnerId, type Identity, insertIdentity } from './identity-store.ts'
import { linkLogins } from './link.ts'

const pool: IdentityPool = {
  id: 'us-east-1:pool',
  region: 'us-east-1',
  settings: { IdentityPoolName: 'pool', AllowUnauthenticatedIdentities: true, DeveloperProviderName: 'dev' },
  createdAt: 1,
  updatedAt: 1,
  version: 1,
}
const a = (subject: string) => ({ provider: 'a', subject })
const b = (subject: string) => ({ provider: 'b', subject })

describe.each(engines)('linking on %s', (engine) => {
  const parts = useParts(engine)
  beforeEach(async () => {
    for (const table of ['identity_logins', 'identities'] as const) await parts.db.deleteFrom(table).execute()
  })
  const make = async (id: string, ...logins: { provider: string; subject: string }[]): Promise<Identity> => {
    await insertIdentity(parts.db, { id, poolId: pool.id, logins }, 1)
    return read(id)
  }
  const read = async (id: string) => (await findIdentity(parts.db, id)) as Identity
  /** The context of linking, with a concurrent change that runs before the first transaction begins. */
  const afterRival = (rival: () => Promise<unknown>) => {
    let done: Promise<unknown> | undefined
    const { db, clock, random, config, database, pokes } = parts
    const transaction: Parts['database']['transaction'] = async (work) => {
      done ??= rival()
      await done
      return database.transaction(work)
    }
    return { db, clock, random, config, pokes, database: { ...database, transaction }, rival: () => done }
  }
  const owner = (login: { provider: string; subject: string }) => findOwnerId(parts.db, pool.id, login)

  it('runs no statement when the named identity has the logins', async () => {
    const identity = await make('one', a('1'), b('1'))
    expect(await linkLogins({} as never, pool, [b('1')], identity)).toEqual({ id: 'one' })
  })

  it('runs one statement for a known login', async () => {
    await make('one', a('1'))
    let statements = 0
    const db = parts.db.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        statements++
        return result
      },
    })
    expect(await linkLogins({ db } as never, pool, [a('1')])).toEqual({ id: 'one' })
    expect(statements).toBe(1)
  })

  it('links a guest to one of two users who claim it concurrently', async () => {
    const guest = await make('guest')
    const context = afterRival(() => linkLogins(parts, pool, [a('first')], guest))
    expect(await linkLogins(context, pool, [a('second')], guest)).toEqual({ refused: 'logins-do-not-match' })
    expect(await context.rival()).toEqual({ id: 'guest' })
    expect([await owner(a('first')), await owner(a('second'))]).toEqual(['guest', undefined])
  })

  it('loses no login that is linked during a merge', async () => {
    const [one, other] = [await make('one', a('1')), await make('other', b('1'))]
    const more = { provider: 'c', subject: '1' }
    const context = afterRival(() => linkLogins(parts, pool, [b('1'), more], other))
    expect(await linkLogins(context, pool, [a('1'), b('1')], one)).toEqual({ id: 'one' })
    await context.rival()
    for (const login of [a('1'), b('1'), more]) expect(await owner(login)).toBe('one')
    expect(await read('other')).toMatchObject({ disabled: true, mergedInto: 'one', logins: [] })
  })

  it('returns the same identity for two concurrent first sign-ins', async () => {
    const context = afterRival(() => linkLogins(parts, pool, [a('1')]))
    const mine = await linkLogins(context, pool, [a('1')])
    expect(mine).toEqual(await context.rival())
    expect(await parts.db.selectFrom('identities').select('identity_id').execute()).toHaveLength(1)
  })

  it('does not restore an identity that is deleted concurrently', async () => {
    const guest = await make('guest')
    const context = afterRival(() => deleteIdentity(parts, 'guest'))
    expect(await linkLogins(context, pool, [a('1')], guest)).toEqual({ refused: 'forbidden' })
    expect(await context.rival()).toBe(true)
    expect(await owner(a('1'))).toBeUndefined()
  })

  it('follows mergers to the surviving identity', async () => {
    await make('first', a('1'))
    const [second, third] = [await make('second', b('1')), await make('third', a('2'))]
    expect(await linkLogins(parts, pool, [a('1'), b('1')], second)).toEqual({ id: 'first' })
    await removeLogins(parts, 'first', ({ logins }) => logins.filter(({ provider }) => provider === 'a'))
    expect(await linkLogins(parts, pool, [a('2'), b('1')], third)).toEqual({ id: 'third' })
    expect(await linkLogins(parts, pool, [b('1')], await read('second'))).toEqual({ id: 'third' })
    expect(await linkLogins(parts, pool, [b('2')], await read('second'))).toEqual({ refused: 'forbidden' })
    // A cycle of mergers, which the server never writes, is cut off as well.
    await parts.db
      .updateTable('identities')
      .set({ disabled: 1, merged_into: 'second' })
      .where('identity_id', '=', 'third')
      .execute()
    expect(await linkLogins(parts, pool, [b('1')], await read('second'))).toEqual({ refused: 'forbidden' })
  })
})
