// Every statement of an operation about one user or identity stays on one shard; those that are meant to ask every shard
// are few and written down here. Statements are the same on every engine, so one engine runs them.

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ExecutedStatement, statementsOf } from '../../test/executed-statements.ts'
import { startTestServer } from '../../test/harness.ts'
import { type OperationStatements, operationTriggers, runOperations } from '../../test/operation-statements.ts'
import { openTestDatabase } from '../../test/statement-plans.ts'
import { shardProblems } from '../../test/statement-shape.ts'
import { findImage } from '../cognito-idp/branding/image-store.ts'
import { consentsOfUser, deleteConsent, findConsent, putConsent } from '../cognito-idp/consents/consent-store.ts'
import { groupNamesOf } from '../cognito-idp/groups/group-store.ts'
import { findMembersAfter, removeMembers } from '../cognito-idp/groups/removal-store.ts'
import { findFederatedUser } from '../cognito-idp/identities/identity-store.ts'
import { findLimits, takeShare } from '../cognito-idp/request-rates/provisioned-limit-store.ts'
import { deleteSamlSession, insertSamlSession, samlSessionsOf } from '../cognito-idp/sessions/saml-session-store.ts'
import { deleteSessionApp, putSessionApp, sessionAppsOf } from '../cognito-idp/sessions/session-app-store.ts'
import { findPart, insertLog, insertPart, listLog, removeParts } from '../cognito-idp/user-import/file-store.ts'
import {
  changeImportJob,
  countImportJobs,
  findImportJob,
  insertImportJob,
  isImporting,
  listImportJobs,
} from '../cognito-idp/user-import/import-store.ts'
import { insertRegisteredClient, noteClientUse } from '../cognito-idp/user-pool-clients/registered-client-store.ts'
import { newUser } from '../cognito-idp/users/new-user.ts'
import { findTakenKeys, insertUsers, withNames } from '../cognito-idp/users/user-bulk-store.ts'
import { addToUserCount } from '../cognito-idp/users/user-count-store.ts'
import { findRemovableUsers, removeUsers } from '../cognito-idp/users/user-removal-store.ts'
import { findCounts, findTotals } from '../cognito-sync/live/dataset-counts-store.ts'
import { deleteJob, findInOrder } from '../cognito-sync/streams/stream-job-store.ts'
import { listPoolDatasets } from '../datasets/dataset-store.ts'
import { deleteDevice, findSubscribed } from '../datasets/device-store.ts'
import { deleteRecordsByKey, deleteTombstones, findTombstoneCounts, listRecordKeys } from '../datasets/record-store.ts'
import { deleteSyncPool } from '../datasets/sync-pool-store.ts'
import { deleteUsage } from '../datasets/usage-store.ts'
import {
  claimJob,
  countDueJobs,
  findDueJobs,
  hastenJob,
  insertJob,
  type Job,
  releaseAllJobs,
  removeClaimed,
  removeJobsOf,
  updateClaimed,
} from '../jobs/job-store.ts'
import { findCapturedMessage, removeOldCaptured, removeOverdue } from '../messages/captured-store.ts'
import type { Database, Db } from './database.ts'
import { purges } from './purge.ts'

/** Statements that are meant to ask every shard, by file and function, and why. */
const meant: Readonly<Record<string, string>> = {
  'cognito-idp/users/user-list-store.ts listUsersBySub': 'ListUsers: users of a pool in the order of an index',
  'cognito-idp/users/user-list-store.ts searchUsers': 'ListUsers with a filter by prefix',
  'cognito-idp/users/user-list-store.ts usersWithKey': 'ListUsers with a filter by value',
  'cognito-idp/groups/group-store.ts listMembers': 'ListUsersInGroup',
  'cognito-identity/identities/identity-store.ts listIdentities': 'ListIdentities',
  'messages/captured-store.ts findCapturedMessages': 'what development reads of the outbox, newest first',
  'messages/captured-store.ts findCapturedMessage': 'the same, one message',
  'messages/captured-store.ts removeOldCaptured': 'the same, what it keeps',
  'messages/captured-store.ts removeOverdue': 'messages that nothing delivers, whoever they were for',
  'jobs/job-store.ts findDueJobs': 'what is due first, whoever it belongs to',
  'jobs/job-store.ts countDueJobs': 'what waits, for /metrics; no request waits for it',
  'jobs/job-store.ts releaseAllJobs': 'only at a start on a database of one process',
  'database/purge.ts find': 'what expired first, whoever it belongs to',
  'cognito-idp/users/user-removal-store.ts findRemovableUsers': 'users of a deleted pool',
  'cognito-idp/groups/removal-store.ts findMembersAfter': 'members of a deleted group',
  'datasets/dataset-store.ts listPoolDatasets': 'datasets of a deleted identity pool',
  'cognito-idp/user-import/import-store.ts countImportJobs': 'import jobs of a pool, a thousand at most',
  'cognito-idp/user-import/import-store.ts isImporting': 'the same, when the settings of the pool are changed',
  'cognito-idp/user-import/import-store.ts listImportJobs': 'ListUserImportJobs',
}

let database: Database
let operations: OperationStatements
let all: readonly ExecutedStatement[]
beforeAll(async () => {
  database = await openTestDatabase('sqlite')
  const server = await startTestServer({ triggers: operationTriggers })
  try {
    operations = await runOperations(server)
  } finally {
    await server.stop()
  }
  const background = await statementsOf(() => runBackground(database.db))
  all = [...[...operations.values()].flat(), ...background]
})
afterAll(() => database?.close())

/** What no request waits for (queues.ts), with rows or without. */
async function runBackground(db: Db): Promise<void> {
  for (const purge of purges) {
    await purge.find(db, 1, 0, 10)
    await purge.remove(db, 1, ['sub'])
  }
  const job = { owner: 'sub', id: 'job', queue: 'EMAIL', payload: '', created_at: 1, due_at: 1 }
  await insertJob(db, job)
  await countDueJobs(db, job.queue, 1, 10)
  const [due] = await findDueJobs(db, job.queue, 1, 10)
  await claimJob(db, due as Job, 'lease', 2)
  await updateClaimed(db, { ...job, lease: 'lease' }, { due_at: 1 })
  await removeOverdue(db, job.queue, 2)
  await removeClaimed(db, { ...job, lease: 'lease' })
  await releaseAllJobs(db, job.queue, 1)
  await hastenJob(db, job, 1)
  await removeJobsOf(db, ['sub'])
  await findCapturedMessage(db, 'job')
  await removeOldCaptured(db, 1)
  await addToUserCount(db, 'pool', 1)
  await findRemovableUsers(db, 'pool', '', 10)
  await removeUsers(db, 'pool', [{ sub: 'sub', names: ['name'] }])
  const app = { sub: 'sub', userPoolId: 'pool', sessionId: 'session', clientId: 'client', expiresAt: 1 }
  await putSessionApp(db, app)
  await sessionAppsOf(db, 'pool', 'sub')
  await deleteSessionApp(db, app)
  const saml = { sub: 'sub', userPoolId: 'pool', sessionId: 'session', provider: 'Corp', index: '1', expiresAt: 1 }
  await insertSamlSession(db, saml)
  await samlSessionsOf(db, 'pool', 'sub')
  await deleteSamlSession(db, saml)
  const consent = { sub: 'sub', userPoolId: 'pool', clientId: 'client', granted: ['openid'], grantedAt: 1 }
  await putConsent(db, consent)
  await findConsent(db, consent)
  await consentsOfUser(db, 'pool', 'sub')
  await deleteConsent(db, consent)
  await insertRegisteredClient(db, { clientId: 'client', userPoolId: 'pool' }, 1)
  await noteClientUse(db, 'client', 1)
  await findFederatedUser(db, { id: 'pool' }, { provider: 'Google', subject: '1' })
  await findImage(db, 'pool', 'image')
  await findMembersAfter(db, 'group', '', 10)
  await removeMembers(db, 'group', ['sub'])
  await listPoolDatasets(db, 'pool', ['', ''], 10)
  const home = { homeId: 'identity', datasetId: 'dataset' }
  await findTombstoneCounts(db, home)
  await deleteTombstones(db, home, 1)
  await listRecordKeys(db, home, '', 10)
  await deleteRecordsByKey(db, home, ['key'])
  await deleteUsage(db, 'pool')
  await deleteSyncPool(db, 'pool')
  await findSubscribed(db, 'identity', 'dataset')
  await deleteDevice(db, 'identity', 'device')
  await findInOrder(db, 'identity', 'stream/dataset/', 10)
  await deleteJob(db, { owner: 'identity', id: 'stream/dataset/1/0' })
  await runImport(db)
  // Beside requests, and only on a database of several processes.
  await findLimits(db)
  await takeShare(db, 'counter', 1, 1, 1)
  await findTotals(db, ['identity'])
  await findCounts(db, ['identity'])
}

async function runImport(db: Db): Promise<void> {
  const job = { id: 'import-1', userPoolId: 'pool', name: 'job', roleArn: '', algorithm: undefined, createdAt: 1 }
  await insertImportJob(db, job)
  await findImportJob(db, 'pool', job.id)
  await countImportJobs(db, 'pool')
  await isImporting(db, 'pool')
  for (const after of [undefined, job]) await listImportJobs(db, 'pool', after, 10)
  await changeImportJob(db, job, { status: 'Created', upload_id: '' }, { upload_id: 'upload' })
  await insertPart(db, job, 'upload', { position: 0, sealed: '' })
  await findPart(db, job, 'upload', 0)
  await removeParts(db, job)
  await insertLog(db, job, 1, 'line')
  await listLog(db, job, 0, 10)
  await groupNamesOf(db, 'pool', ['sub 1', 'sub 2', 'sub 3'])
  const pool = { id: 'pool', settings: { SchemaAttributes: [] } } as never
  const users = ['name', '01234567-89ab-4def-8123-456789abcdef'].map((username, i) =>
    withNames(pool, newUser({ sub: `sub ${i}`, userPoolId: 'pool', username, status: 'CONFIRMED', attributes: {} }, 1)),
  )
  await findTakenKeys(db, pool, users)
  await insertUsers(db, users)
}

const problemsOf = ({ query }: ExecutedStatement): string[] => shardProblems(query.query)
const leaves = (statement: ExecutedStatement): boolean => problemsOf(statement).length > 0

describe('statements', () => {
  it('stay on one shard, but for those that are meant not to', () => {
    expect(operations.size).toBeGreaterThan(40)
    for (const statement of all) {
      if (statement.origin in meant) continue
      expect(problemsOf(statement), `${statement.origin}: ${statement.query.sql}`).toEqual([])
    }
  })

  it.each(Object.keys(meant))('of %s leave their shard: else strike it from the list', (origin) => {
    expect(all.some((statement) => statement.origin === origin && leaves(statement))).toBe(true)
  })

  it('made by statement(), rowStatement() or insertStatement() are all among those that ran here', () => {
    const source = resolve(import.meta.dirname, '..')
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'))
    const made = new Map<string, number>()
    for (const file of files.filter((path) => /(?<!\.test)\.ts$/.test(path) && path !== 'database/statement.ts')) {
      const count = readFileSync(join(source, file), 'utf8').match(/= (row|insert)?statement\(/gi)?.length ?? 0
      if (count > 0) made.set(file, count)
    }
    expect(made.size).toBeGreaterThan(5)
    // One that takes a rest of parameters is written for each number of them.
    const shapeOf = (sql: string): string => sql.replaceAll(/\((\?, )*\?\)(, \((\?, )*\?\))*/g, '(?)')
    const missing = [...made].flatMap(([file, count]) => {
      const own = all.filter(({ origin, prepared }) => prepared && origin.split(' ')[0] === file)
      const ran = new Set(own.map(({ query }) => shapeOf(query.sql)))
      return ran.size >= count ? [] : [`of the ${count} in ${file} these ran: ${[...ran].join('; ')}`]
    })
    expect(missing, 'let operation-statements.ts or runBackground call what runs the others').toEqual([])
  })
})

describe('a statement', () => {
  const user = (db: Db) => db.selectFrom('users').selectAll().where('users.user_sub', '=', 'sub')
  const membership = (db: Db) => db.selectFrom('group_members').select('group_members.user_sub')
  it.each<[what: string, build: (db: Db) => { compile(): ExecutedStatement['query'] }, problems: string[]]>([
    ['of one row', user, []],
    ['of several rows by key', (db) => db.selectFrom('users').selectAll().where('user_sub', 'in', ['a', 'b']), []],
    [
      'of rows by another column',
      (db) => db.selectFrom('users').selectAll().where('user_pool_id', '=', 'pool'),
      ['users.user_sub is not given'],
    ],
    [
      'of one row or another',
      (db) =>
        db
          .selectFrom('users')
          .selectAll()
          .where((row) => row.or([row('user_sub', '=', 'a'), row('username', '=', 'b')])),
      ['users.user_sub is not given'],
    ],
    [
      'with a range of keys',
      (db) => db.selectFrom('users').selectAll().where('user_sub', '>', 'a').orderBy('user_sub', 'desc'),
      ['users.user_sub is not given'],
    ],
    ['of a reference table', (db) => db.selectFrom('groups').selectAll().where('user_pool_id', '=', 'pool'), []],
    [
      'that joins a table beside',
      (db) => user(db).innerJoin('attempts', 'attempts.subject', 'users.user_sub').select('attempts.state'),
      [],
    ],
    [
      'that joins a table beside, which is asked for',
      (db) =>
        db
          .selectFrom('users')
          .innerJoin('attempts', 'attempts.subject', 'users.user_sub')
          .select('attempts.state')
          .where('attempts.subject', '=', 'sub'),
      [],
    ],
    [
      'that joins what the left side of a left join is not asked for',
      (db) =>
        db
          .selectFrom('users')
          .leftJoin('attempts', (on) =>
            on.onRef('attempts.subject', '=', 'users.user_sub').on('users.user_sub', '=', 'a'),
          )
          .select('attempts.state'),
      ['users.user_sub is not given', 'attempts.subject is not given'],
    ],
    [
      'that joins a table beside by another column',
      (db) =>
        user(db).innerJoin('group_members', 'group_members.user_pool_id', 'users.user_pool_id').select('group_id'),
      ['group_members.user_sub is not given'],
    ],
    [
      'that joins a reference table',
      (db) =>
        membership(db)
          .innerJoin('groups', 'groups.group_name', 'group_members.group_name')
          .where('group_members.user_sub', '=', 'sub'),
      [],
    ],
    [
      'that joins a table of another kind',
      (db) =>
        db
          .selectFrom('user_names')
          .innerJoin('users', 'users.user_sub', 'user_names.user_sub')
          .selectAll('users')
          .where('user_names.name_key', '=', 'ada'),
      ['users.user_sub is not given'],
    ],
    [
      'that asks two tables of different kinds',
      (db) =>
        user(db)
          .innerJoin('user_names', (on) => on.on('user_names.name_key', '=', 'ada'))
          .select('kind'),
      ['asks different shards: users.user_sub, user_names.name_key'],
    ],
    [
      'with a subquery of its own parameter',
      (db) => user(db).select((row) => row.exists(membership(db).where('group_members.user_sub', '=', 'sub')).as('x')),
      [],
    ],
    [
      'with a subquery of another parameter',
      (db) => user(db).select((row) => row.exists(membership(db).where('group_members.user_sub', '=', 'bus')).as('x')),
      ['asks different shards: users.user_sub, group_members.user_sub'],
    ],
    [
      'with a subquery of the outer columns',
      (db) =>
        user(db).select((row) =>
          row.exists(membership(db).whereRef('group_members.user_sub', '=', db.dynamic.ref('users.user_sub'))).as('x'),
        ),
      ['group_members.user_sub is not given'],
    ],
    ['that reads no table', (db) => db.selectNoFrom((row) => row.val(1).as('one')), ['a select reads no table']],
    [
      'that reads a table without a placement',
      (db) => db.selectFrom('migrations' as 'meta').selectAll(),
      ['migrations has no placement'],
    ],
    [
      'with raw SQL that reads',
      (db) => user(db).select(sql<number>`(select count(*) from users)`.as('n')),
      ['is raw: (select count(*) from users)'],
    ],
    [
      'that inserts rows',
      (db) => db.insertInto('spent_ids').values(['a', 'b'].map((id) => ({ id, user_pool_id: 'p', expires_at: 1 }))),
      [],
    ],
    [
      'that inserts what it selects',
      (db) =>
        db
          .insertInto('spent_ids')
          .columns(['id', 'user_pool_id', 'expires_at'])
          .expression(db.selectFrom('user_pools').select(['id', 'id as pool', 'version'])),
      ['spent_ids.id is not given'],
    ],
    ['that deletes a row', (db) => db.deleteFrom('codes').where('user_sub', '=', 'a'), []],
    [
      'that deletes by another column',
      (db) => db.deleteFrom('user_names').where('user_sub', '=', 'a'),
      ['user_names.name_key is not given'],
    ],
    [
      'that moves a row',
      (db) => db.updateTable('users').set({ user_sub: 'b' }).where('user_sub', '=', 'a'),
      ['users.user_sub is changed'],
    ],
  ])('%s is read right', (_, build, problems) => {
    expect(shardProblems(build(database.db).compile().query)).toEqual(problems)
  })
})
