import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  DeleteUserCommand,
  DescribeUserPoolCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type Engine,
  engines,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  startTestServer,
  type TestServer,
} from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import type { Environment } from '../../config/env.ts'
import { CommitUnanswered, type Database } from '../../database/database.ts'
import { openDatabase } from '../../database/open.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { addUser, removeUser } from './change-user.ts'
import { addToUserCount, findUserCount } from './user-count-store.ts'
import { createUserCounts } from './user-counts.ts'
import { NameTaken, type StoredUser } from './user-store.ts'

describe.each(engines)('counts of users on %s', (engine) => {
  const parts = useParts(engine)
  const poolNamed = (name: string): UserPool => ({
    id: `us-east-1_${name}`,
    region: 'us-east-1',
    replicas: [],
    settings: { Name: name, SchemaAttributes: [] },
    createdAt: 0,
    updatedAt: 0,
    version: 1,
  })
  const newUser = (pool: UserPool, username: string): StoredUser => {
    const secrets = {
      credential: '',
      credentialSetAt: 0,
      credentialHistory: '',
      tokenGeneration: 0,
      mfa: {},
      identities: [],
    }
    const named = { sub: `${username} sub`, userPoolId: pool.id, username, status: 'CONFIRMED' } as const
    return { ...named, enabled: true, attributes: {}, ...secrets, createdAt: 0, updatedAt: 0, version: 1 }
  }
  const open = () => {
    const userCounts = createUserCounts(parts.database)
    return { userCounts, context: { database: parts.database, userCounts, clock: { now: Date.now } } }
  }
  const written = (pool: UserPool) => findUserCount(parts.db, pool.id)

  it('are not written by the transactions that write or delete users, but when flushed', async () => {
    const { context, userCounts } = open()
    const pool = poolNamed('flushed')
    const users = ['ann', 'bob', 'cyd'].map((name) => newUser(pool, name))
    for (const user of users) await addUser(context, pool, { user })
    expect(await written(pool)).toBe(0)
    await userCounts.flush()
    expect(await written(pool)).toBe(3)
    expect(await removeUser(context, pool, users[0] as StoredUser)).toBe(true)
    expect(await removeUser(context, pool, users[0] as StoredUser)).toBe(false)
    expect(await written(pool)).toBe(3)
    await userCounts.flush()
    await userCounts.flush()
    expect(await written(pool)).toBe(2)
  })

  it('leave out users that were not written', async () => {
    const { context, userCounts } = open()
    const pool = poolNamed('refused')
    const user = newUser(pool, 'ann')
    await addUser(context, pool, { user })
    const rival = addUser(context, pool, { user: { ...user, sub: 'another' } })
    await expect(rival).rejects.toBeInstanceOf(NameTaken)
    const undone = addUser(context, pool, { user: newUser(pool, 'bob'), after: () => Promise.reject(new Error('no')) })
    await expect(undone).rejects.toThrow('no')
    expect(await userCounts.estimate(pool.id)).toBe(1)
  })

  it('add up over processes, and are exact for what the asked one has counted', async () => {
    const [one, other] = [open(), open()]
    const { id } = poolNamed('shared')
    for (let i = 0; i < 5; i++) one.userCounts.add(id, 1)
    for (let i = 0; i < 3; i++) other.userCounts.add(id, 1)
    other.userCounts.add(id, -1)
    expect(await one.userCounts.estimate(id)).toBe(5)
    await Promise.all([one.userCounts.flush(), other.userCounts.flush()])
    expect([await one.userCounts.estimate(id), await other.userCounts.estimate(id)]).toEqual([7, 7])
  })

  it('are neither lost nor doubled by concurrent counting, flushing and reading', async () => {
    const { userCounts } = open()
    const { id } = poolNamed('busy')
    await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        userCounts.add(id, 1)
        await (i % 2 ? userCounts.flush() : userCounts.estimate(id))
      }),
    )
    expect(await userCounts.estimate(id)).toBe(200)
    await userCounts.flush()
    expect(await findUserCount(parts.db, id)).toBe(200)
  })

  it('hold what is counted of one pool while another is written', async () => {
    const [first, second] = [poolNamed('first'), poolNamed('second')]
    let during = (): void => undefined
    const transaction: Database['transaction'] = async (work) => {
      during()
      return parts.database.transaction(work)
    }
    const userCounts = createUserCounts({ db: parts.db, transaction })
    for (const { id } of [first, second]) userCounts.add(id, 1)
    during = () => {
      during = () => undefined
      userCounts.add(second.id, 1)
    }
    await userCounts.flush()
    expect([await written(first), await userCounts.estimate(second.id)]).toEqual([1, 2])
  })

  it('are kept for the next flush when they cannot be written, and are part of the estimate', async () => {
    const pool = poolNamed('failing')
    let failing = true
    const transaction: Database['transaction'] = (work) =>
      failing ? Promise.reject(new Error('the disk is full')) : parts.database.transaction(work)
    const userCounts = createUserCounts({ db: parts.db, transaction })
    userCounts.add(pool.id, 1)
    userCounts.add(pool.id, 1)
    await expect(userCounts.flush()).rejects.toThrow('the disk is full')
    expect(await userCounts.estimate(pool.id)).toBe(2)
    failing = false
    await userCounts.flush()
    expect(await written(pool)).toBe(2)
  })

  it('are not written twice when the answer to their commit is lost', async () => {
    const pool = poolNamed('unanswered')
    let lost = true
    const transaction: Database['transaction'] = async (work) => {
      const result = await parts.database.transaction(work)
      if (lost) throw new CommitUnanswered(new Error('Connection terminated'), 'Look at PostgreSQL.')
      return result
    }
    const userCounts = createUserCounts({ db: parts.db, transaction })
    userCounts.add(pool.id, 1)
    await expect(userCounts.flush()).rejects.toThrow(CommitUnanswered)
    lost = false
    await userCounts.flush()
    expect(await written(pool)).toBe(1)
  })

  it('are never below zero, and are not written for a deleted pool', async () => {
    const { userCounts } = open()
    const { id } = poolNamed('gone')
    // The process that counted the additions was killed before its flush.
    userCounts.add(id, -1)
    expect(await userCounts.estimate(id)).toBe(0)
    userCounts.add(id, 1)
    userCounts.forget(id)
    await userCounts.flush()
    expect(await findUserCount(parts.db, id)).toBe(-1)
  })
})

describe.each(engines)('EstimatedNumberOfUsers on %s', (engine) => {
  const closing: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  /** An environment that several servers can be started with, one after the other. */
  async function place(of: Engine): Promise<Environment> {
    const keys = { COGNOMEN_MASTER_KEY: randomBytes(32).toString('base64') }
    if (of === 'postgres') return { ...keys, DATABASE_URL: await postgresUrl() }
    const folder = await mkdtemp(join(tmpdir(), 'cognomen-'))
    closing.push(() => rm(folder, { recursive: true }))
    return { ...keys, DATABASE_URL: undefined, DATA_DIR: folder }
  }
  async function startAt(env: Environment): Promise<TestServer> {
    const server = await startTestServer({ env })
    closing.push(() => server.stop())
    return server
  }
  const estimate = async (server: TestServer, UserPoolId: string) =>
    (await server.admin.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool?.EstimatedNumberOfUsers

  it('is right after sign-ups and deletions of every kind, and after a stop', async () => {
    const env = await place(engine)
    const server = await startAt(env)
    const UserPoolId = (await makePool(server)).Id
    const { ClientId } = await makeClient(server, UserPoolId)
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        server.app.send(new SignUpCommand({ ClientId, Username: `user${i}`, Password: PASSWORD })),
      ),
    )
    await server.admin.send(new AdminCreateUserCommand({ UserPoolId, Username: 'made', MessageAction: 'SUPPRESS' }))
    await makeUser(server, UserPoolId, 'leaving')
    expect(await estimate(server, UserPoolId)).toBe(14)
    const { AccessToken } = await signIn(server, ClientId, 'leaving')
    await server.app.send(new DeleteUserCommand({ AccessToken }))
    await server.admin.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'user0' }))
    expect(await estimate(server, UserPoolId)).toBe(12)
    await server.admin.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'user1' }))
    await server.stop()
    expect(await estimate(await startAt(env), UserPoolId)).toBe(11)
  })
})

it('a sign-up does not wait for a count that another process is writing', async () => {
  const url = await postgresUrl()
  const server = await startTestServer({ env: { DATABASE_URL: url } })
  const rival: Database = await openDatabase({ engine: 'postgres', url, connections: 1 }, () => {})
  const { Id } = await makePool(server)
  const { ClientId } = await makeClient(server, Id)
  await rival.transaction(async (db) => {
    await addToUserCount(db, Id, 0)
    // The row is locked until this transaction ends.
    for (const name of 'abcdefgh')
      await server.app.send(new SignUpCommand({ ClientId, Username: name, Password: PASSWORD }))
  })
  const { UserPool } = await server.admin.send(new DescribeUserPoolCommand({ UserPoolId: Id }))
  expect(UserPool?.EstimatedNumberOfUsers).toBe(8)
  await rival.close()
  await server.stop()
})
