// Requests that send a code and a concurrent deletion of the user: no code or message is left behind.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { type OutboxUnderTest, openOutbox } from '../../../test/outbox-parts.ts'
import type { Context } from '../../context.ts'
import { sub as newSub } from '../../crypto/random-ids.ts'
import { fail } from '../../operation.ts'
import { sendCodeAlone } from '../codes/codes.ts'
import { getUserAttributeVerificationCode } from '../profile/getUserAttributeVerificationCode.ts'
import { updateUserAttributes } from '../profile/updateUserAttributes.ts'
import { newPoolSettings } from '../user-pools/new-pool-settings.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { deleteUser, findUserBySub, insertUser, type StoredUser } from '../users/user-store.ts'
import { forgotPassword } from './forgotPassword.ts'
import { resendConfirmationCode } from './resendConfirmationCode.ts'

const settings = newPoolSettings(
  {
    PoolName: 'x',
    AutoVerifiedAttributes: ['email'],
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
  },
  'us-east-1',
)
const pool: UserPool = {
  id: 'us-east-1_rivals',
  region: 'us-east-1',
  replicas: [],
  settings,
  createdAt: 0,
  updatedAt: 0,
  version: 1,
}
const NOT_FOUND = { name: 'UserNotFoundException', message: 'Username/client id combination not found.' }

describe.each(engines)('a code on %s', (engine) => {
  let parts: OutboxUnderTest
  let context: Context
  beforeEach(async () => {
    parts = await openOutbox({ engine })
    context = { ...parts.effects, ...parts, db: parts.database.db } as unknown as Context
  })
  afterEach(() => parts.close())

  async function makeUser(changes: Partial<StoredUser> = {}): Promise<StoredUser> {
    const sub = newSub((count) => context.random.bytes(count))
    const attributes = { email: 'ann@example.com', email_verified: 'true' }
    const secrets = {
      credential: '',
      credentialSetAt: 0,
      credentialHistory: '',
      tokenGeneration: 0,
      mfa: {},
      identities: [],
    }
    const times = { createdAt: 0, updatedAt: 0, version: 1 }
    const named = { sub, userPoolId: pool.id, username: sub, status: 'CONFIRMED', enabled: true } as const
    const user: StoredUser = { ...named, attributes, ...secrets, ...times, ...changes }
    await context.database.transaction((db) => insertUser(db, pool, user))
    return user
  }
  const remove = (user: StoredUser) => context.database.transaction((db) => deleteUser(db, pool, user.sub))
  /** The user is deleted between the request's first counter and what comes after. */
  const deleting = (user: StoredUser): Context => {
    let removal: Promise<unknown> | undefined
    const transaction: Context['database']['transaction'] = async (work) => {
      removal ??= remove(user)
      await removal
      return context.database.transaction(work)
    }
    return { ...context, database: { ...context.database, transaction } }
  }
  const run = (operation: { run: unknown }, on: Context, request: object) =>
    (operation.run as (on: Context, request: unknown) => Promise<unknown>)(on, { pool, fail, ...request })
  const left = async (user: StoredUser) => {
    const own = (table: 'codes' | 'users') =>
      context.db.selectFrom(table).select('user_sub').where('user_sub', '=', user.sub).execute()
    return [...(await own('codes')), ...(await own('users'))].length
  }
  const client = (PreventUserExistenceErrors: 'LEGACY' | 'ENABLED') => ({ settings: { PreventUserExistenceErrors } })

  it.each([
    ['ForgotPassword', forgotPassword, 'CONFIRMED'],
    ['ResendConfirmationCode', resendConfirmationCode, 'UNCONFIRMED'],
  ] as const)('of %s is not written for a user who is deleted concurrently', async (_, operation, status) => {
    const user = await makeUser({ status })
    const input = { Username: user.username }
    await expect(run(operation, deleting(user), { input, client: client('LEGACY') })).rejects.toMatchObject(NOT_FOUND)
    expect(await left(user)).toBe(0)

    const hidden = await makeUser({ status })
    const call = run(operation, deleting(hidden), { input: { Username: hidden.username }, client: client('ENABLED') })
    expect(await call).toMatchObject({ CodeDeliveryDetails: { DeliveryMedium: 'EMAIL' } })
    // As for an unknown user: a decoy code, which is purged when it has expired.
    expect(await context.db.selectFrom('jobs').selectAll().execute()).toEqual([])
  })

  it('of GetUserAttributeVerificationCode is not written for a user who is deleted concurrently', async () => {
    const user = await makeUser()
    const request = { input: { AttributeName: 'email' }, caller: { user }, client: client('LEGACY') }
    const call = run(getUserAttributeVerificationCode, deleting(user), request)
    await expect(call).rejects.toMatchObject({ name: 'UserNotFoundException', message: 'User does not exist.' })
    expect(await left(user)).toBe(0)
  })

  it('for a pending value is written together with the row of its user, which is otherwise unchanged', async () => {
    const user = await makeUser()
    const input = { UserAttributes: [{ Name: 'email', Value: 'new@example.com' }] }
    await run(updateUserAttributes, context, { input, caller: { user }, client: client('LEGACY') })
    expect(await findUserBySub(context.db, pool.id, user.sub)).toEqual({ ...user, version: 2 })
  })

  it('and a deletion at the same time leave nothing, whoever is first', async () => {
    const message = 'forgot-password'
    for (let round = 0; round < 40; round++) {
      const user = await makeUser()
      const to = { attribute: 'email', value: 'ann@example.com', asker: 'administrator' } as const
      const code = { pool, user, purpose: message, message, ...to } as const
      await Promise.all([sendCodeAlone(context, code), remove(user), sendCodeAlone(context, code)])
      expect(await left(user)).toBe(0)
    }
  })
})
