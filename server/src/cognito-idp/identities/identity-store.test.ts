// Users found and made by their identities at external providers: what the doors of federation rest on.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { openTestDatabase } from '../../../test/statement-plans.ts'
import type { Context } from '../../context.ts'
import type { Database } from '../../database/database.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { addUser, changeUser, removeUser } from '../users/change-user.ts'
import { createUserCounts } from '../users/user-counts.ts'
import { findRemovableUsers, removeUsers } from '../users/user-removal-store.ts'
import { findUser, NameTaken, type StoredUser } from '../users/user-store.ts'
import { newFederatedUser } from './federated-user.ts'
import { foundBySubject, SUBJECT } from './identity-rules.ts'
import { findFederatedUser } from './identity-store.ts'
import { linked } from './link-rules.ts'

const poolOf = (id: string, settings: object = {}): UserPool => ({
  id,
  region: 'us-east-1',
  replicas: [],
  settings: { Name: 'p', SchemaAttributes: [], ...settings },
  createdAt: 0,
  updatedAt: 0,
  version: 1,
})
const NOW = 1_700_000_000_000

describe.each(engines)('findFederatedUser on %s', (engine) => {
  let database: Database
  let context: Context
  let made = 0
  const pool = poolOf('us-east-1_federated')

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    const userCounts = createUserCounts(database)
    context = { database, db: database.db, clock: { now: () => NOW }, userCounts } as Context
  })
  afterAll(() => database?.close())

  const google = { provider: 'Google', type: 'Google' } as const
  const oidc = { name: 'Own', type: 'OIDC', mapped: ['email'] } as const
  const signUp = async (subject: string, of: UserPool = pool): Promise<StoredUser> => {
    const user = newFederatedUser(of, `sub-${++made}`, { ...google, subject }, { email: 'a@example.com' }, NOW)
    await addUser(context, of, { user })
    return user
  }
  const find = (subject: string, of: UserPool = pool, provider = 'Google') =>
    findFederatedUser(database.db, of, { provider, subject })

  it('finds the user of a first sign-in by provider and subject, in its pool alone', async () => {
    const user = await signUp('107')
    expect(user).toMatchObject({ username: 'Google_107', status: 'EXTERNAL_PROVIDER', credential: '' })
    expect(await find('107')).toEqual({ user, identity: user.identities[0] })
    expect(await find('107', poolOf('us-east-1_other'))).toBeUndefined()
    expect(await find('107', pool, 'Facebook')).toBeUndefined()
    expect(await find('108')).toBeUndefined()
    expect(await findUser(database.db, pool, 'Google_107')).toEqual(user)
  })

  it('regards the case of a subject, also where usernames have none', async () => {
    const insensitive = poolOf('us-east-1_insensitive', { UsernameConfiguration: { CaseSensitive: false } })
    const user = await signUp('AbC', insensitive)
    expect(user.username).toBe('google_abc')
    expect((await find('AbC', insensitive))?.user.sub).toBe(user.sub)
    expect(await find('abc', insensitive)).toBeUndefined()
    await expect(signUp('abc', insensitive)).rejects.toMatchObject({ kind: 'username' })
  })

  it('is found by one of many first sign-ins at once, which are all of the same user', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => signUp('rival')))
    const winners = answers.filter(({ status }) => status === 'fulfilled')
    expect(winners).toHaveLength(1)
    for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(NameTaken)
    expect((await find('rival'))?.user).toEqual((winners[0] as PromiseFulfilledResult<StoredUser>).value)
  })

  it('finds a linked user by the subject, else by an attribute, and by the subject after that sign-in', async () => {
    const user = await signUp('linked')
    const match = { provider: 'Own', attribute: 'email', value: 'a@example.com' }
    const change = linked(user, oidc, match, NOW)
    await changeUser(context, pool, user, () => change as { user: StoredUser })
    const profile = { provider: 'Own', subject: 'S1', attributes: { name: 'A', email: 'a@example.com' } }
    const found = await findFederatedUser(database.db, pool, profile)
    expect(found).toMatchObject({ user: { sub: user.sub }, identity: { attribute: 'email', primary: false } })
    await changeUser(context, pool, found?.user as StoredUser, (current) => ({
      user: { ...current, identities: foundBySubject(current.identities, match, 'S1') },
    }))
    const later = { ...profile, attributes: { email: 'new@example.com' } }
    expect(await findFederatedUser(database.db, pool, later)).toMatchObject({
      user: { sub: user.sub },
      identity: { attribute: SUBJECT, value: 'S1' },
    })
    expect(await findFederatedUser(database.db, pool, { ...profile, subject: 'S2' })).toBeUndefined()
  })

  it('finds nobody after the deletion of a user, one by one or with the pool', async () => {
    const user = await signUp('deleted')
    await removeUser(context, pool, user)
    expect(await find('deleted')).toBeUndefined()
    const again = await signUp('deleted')
    expect((await find('deleted'))?.user.sub).toBe(again.sub)
    const doomed = poolOf('us-east-1_doomed')
    await signUp('1', doomed)
    await removeUsers(database.db, doomed.id, await findRemovableUsers(database.db, doomed.id, '', 10))
    const left = await database.db.selectFrom('user_names').selectAll().where('user_pool_id', '=', doomed.id).execute()
    expect(left).toEqual([])
  })
})
