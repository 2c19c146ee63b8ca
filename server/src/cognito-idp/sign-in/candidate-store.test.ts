import { describe, expect, it } from 'vitest'
import { sqlOf } from '../../../test/executed-statements.ts'
import { engines } from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import { type AttemptKey, attemptsFromState, replaceAttempts } from '../attempts/attempt-store.ts'
import { insertGroup, insertMember } from '../groups/group-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { newUser } from '../users/new-user.ts'
import { findUserBySub, insertUser, type StoredUser } from '../users/user-store.ts'
import { findCandidateByName, findCandidateBySubject } from './candidate-store.ts'
import { admitGuess, type GuessState, PASSWORD_GUESSES } from './lockout-rules.ts'

describe.each(engines)('reading the candidate of a password check, on %s', (engine) => {
  const parts = useParts(engine)
  const pool: UserPool = {
    id: 'us-east-1_one',
    region: 'us-east-1',
    replicas: [],
    settings: { Name: 'x', SchemaAttributes: [], AliasAttributes: ['email'] },
    createdAt: 0,
    updatedAt: 0,
    version: 1,
  }
  const failed = attemptsFromState(admitGuess(undefined, 1000) as GuessState)
  const note = (subject: string, changes: Partial<AttemptKey> = {}) =>
    replaceAttempts(
      parts.db,
      { userPoolId: pool.id, subject, kind: PASSWORD_GUESSES, ...changes },
      undefined,
      failed,
      9_000,
    )

  let made = 0
  async function makeUser(): Promise<StoredUser> {
    const name = `user${++made}`
    const sub = `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`
    const attributes = { email: `${name}@x`, email_verified: 'true' }
    const named = { sub, userPoolId: pool.id, username: name, status: 'CONFIRMED', attributes } as const
    const user = newUser(named, 10, { credential: 'c', credentialSetAt: 1, credentialHistory: '' })
    await parts.database.transaction((db) => insertUser(db, pool, user))
    return user
  }
  const byName = (name: string, unknown = '?nobody') => findCandidateByName(parts.db, pool.id, `=${name}`, unknown)

  it('finds a user by every name and by sub, with the guesses counted so far', async () => {
    const user = await makeUser()
    const fresh = { user, guesses: undefined, inGroups: false }
    for (const name of [user.username, `${user.username}@x`]) expect(await byName(name)).toEqual(fresh)
    expect(await findCandidateBySubject(parts.db, pool.id, user.sub)).toEqual(fresh)
    expect(await findUserBySub(parts.db, pool.id, user.sub)).toEqual(user)
    await note(user.sub)
    const tried = { user, guesses: failed, inGroups: false }
    expect(await byName(user.username)).toEqual(tried)
    expect(await findCandidateBySubject(parts.db, pool.id, user.sub)).toEqual(tried)
  })

  it('ignores rows of other subjects, kinds and pools', async () => {
    const [user, other] = [await makeUser(), await makeUser()]
    await note(other.sub)
    await note('?nobody')
    await note(user.sub, { kind: 'codes:sign-up' })
    await note(user.sub, { userPoolId: 'us-east-1_two' })
    const fresh = { user, guesses: undefined, inGroups: false }
    expect(await byName(user.username)).toEqual(fresh)
    expect(await findCandidateBySubject(parts.db, pool.id, user.sub)).toEqual(fresh)
    expect(await findCandidateByName(parts.db, 'us-east-1_two', `=${user.username}`, '?n')).toMatchObject({
      user: undefined,
    })
    expect(await findCandidateBySubject(parts.db, 'us-east-1_two', user.sub)).toMatchObject({ user: undefined })
  })

  it('finds the guesses counted at an unknown user', async () => {
    const nobody = { user: undefined, guesses: undefined, inGroups: false }
    expect(await byName('ghost', '?ghost')).toEqual(nobody)
    expect(await findCandidateBySubject(parts.db, pool.id, '?ghost')).toEqual(nobody)
    await note('?ghost')
    expect(await byName('ghost', '?ghost')).toEqual({ ...nobody, guesses: failed })
    expect(await findCandidateBySubject(parts.db, pool.id, '?ghost')).toEqual({ ...nobody, guesses: failed })
  })

  it('runs the same statements for an unknown user', async () => {
    const user = await makeUser()
    const known = () => sqlOf(() => findCandidateByName(parts.db, pool.id, `=${user.username}`, '?n'))
    const unknown = () => sqlOf(() => findCandidateByName(parts.db, pool.id, '=ghost', '?ghost'))
    await known()
    expect(await unknown()).toEqual(await known())
    expect(await unknown()).toHaveLength(2)
  })

  it('tells whether the user is in groups', async () => {
    const user = await makeUser()
    const group = {
      id: 'g',
      name: 'admins',
      userPoolId: pool.id,
      description: undefined,
      roleArn: undefined,
      precedence: undefined,
      createdAt: 0,
      updatedAt: 0,
      version: 1,
    }
    await insertGroup(parts.db, group)
    await insertMember(parts.db, group, user.sub, 0)
    expect(await byName(user.username)).toMatchObject({ user, inGroups: true })
    expect(await findCandidateBySubject(parts.db, pool.id, user.sub)).toMatchObject({ user, inGroups: true })
    expect(await byName((await makeUser()).username)).toMatchObject({ inGroups: false })
  })
})
