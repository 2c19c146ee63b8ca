import { randomBytes } from 'node:crypto'
import {
  AdminAddUserToGroupCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines, makePool, makeUser, startTestServer, TestClock } from '../../test/harness.ts'
import { openTestDatabase } from '../../test/statement-plans.ts'
import { readConfig } from '../config/config.ts'
import { loadSecrets } from '../config/secrets.ts'
import { createSealer } from '../crypto/seal.ts'
import { createWorkPool } from '../crypto/work-pool.ts'
import type { Effects } from '../effects/effects.ts'
import { startWith } from '../server.ts'
import type { Database, Db } from './database.ts'
import { statement } from './statement.ts'
import { type GuardedParts, guardTransactions, isInTransaction } from './transaction-guard.ts'

/** The outside world, which takes note of what reaches it. */
function outside(reached: string[]): Effects {
  const note = (what: string) => async () => void reached.push(what)
  return {
    clock: { now: () => 7 },
    random: { bytes: (count) => Buffer.alloc(count, reached.push('random.bytes')) },
    makeRsaKeyPair: () => Promise.reject(new Error(String(reached.push('effects.makeRsaKeyPair')))),
    sendEmail: note('effects.sendEmail'),
    sendSms: note('effects.sendSms'),
    web: { send: async () => ({ failed: 'busy', detail: String(reached.push('web.send')) }) },
    externalSts: {
      assumeRoleWithWebIdentity: async () => ({
        refused: 'refused',
        detail: String(reached.push('externalSts.assumeRoleWithWebIdentity')),
      }),
    },
    functions: { invoke: async () => ({ outcome: 'failed', reason: String(reached.push('functions.invoke')) }) },
    providerEndpoints: {} as Effects['providerEndpoints'],
  }
}

const allMeta = statement((db, name: string) => db.selectFrom('meta').selectAll().where('name', '=', name))

describe.each(engines)('inside of a transaction on %s', (engine) => {
  const reached: string[] = []
  let database: Database
  let parts: GuardedParts
  beforeAll(async () => {
    database = await openTestDatabase(engine)
    parts = guardTransactions({
      database,
      effects: outside(reached),
      sealer: createSealer({ current: randomBytes(32) }),
      work: createWorkPool(),
    })
  })
  afterAll(async () => {
    await parts.work.close()
    await database.close()
  })

  type Step = (parts: GuardedParts, db: Db) => unknown
  const inside = (step: Step) =>
    parts.database.transaction(async (db) => {
      await db.insertInto('meta').values({ name: 'written', value: 'inside' }).execute()
      return step(parts, db)
    })
  const written = () => database.db.selectFrom('meta').selectAll().where('name', '=', 'written').execute()

  const refused: [string, Step][] = [
    [
      'effects.sendEmail',
      ({ effects }) => effects.sendEmail?.({ id: '1', from: 'a', to: 'b', subject: 's', html: 'h' }),
    ],
    ['effects.makeRsaKeyPair', ({ effects }) => effects.makeRsaKeyPair()],
    ['effects.sendSms', ({ effects }) => effects.sendSms?.({ id: '1', to: '+1', text: 't', userPoolId: 'p' })],
    ['functions.invoke', ({ effects }) => effects.functions.invoke('arn', '{}', { id: '1', awaited: true })],
    ['web.send', ({ effects }) => effects.web.send({ url: 'https://example.com' })],
    [
      'externalSts.assumeRoleWithWebIdentity',
      ({ effects }) =>
        effects.externalSts?.assumeRoleWithWebIdentity({
          roleArn: 'r',
          sessionName: 's',
          durationSeconds: 1,
          token: 't',
        }),
    ],
    ['random.bytes', ({ effects }) => effects.random.bytes(1)],
    ['sealer.seal', ({ sealer }) => sealer.seal('test', 'text', 'place')],
    ['sealer.sealJson', ({ sealer }) => sealer.sealJson('test', {}, 'place')],
    ['sealer.mac', ({ sealer }) => sealer.mac('test', 'text')],
    ['sealer.macs', ({ sealer }) => sealer.macs('test', 'text')],
    ['work.run', ({ work }) => work.run('srpServerPublic' as never, {} as never)],
    ['Another transaction', ({ database }) => database.transaction(async () => {})],
    ['A statement on the plain `db`', ({ database: { db } }) => db.selectFrom('meta').selectAll().execute()],
    ['A statement on the plain `db`', ({ database: { db } }) => allMeta(db, 'x')],
  ]

  it.each(refused)('%s is refused and the transaction undone', async (what, step) => {
    const message = `${what} inside a transaction, where nothing but statements may be: prepare it before.`
    // Deeper in what the transaction waits for as well.
    const later = inside(async (...given) => {
      await new Promise((resolve) => setImmediate(resolve))
      await step(...given)
    })
    await expect(later).rejects.toThrow(message)
    expect(reached).toEqual([])
    expect(await written()).toEqual([])
  })

  it('its own statements, the clock and opening what is sealed are not', async () => {
    await allMeta(parts.database.db, 'x')
    const sealed = parts.sealer.seal('test', 'text', 'place')
    const answer = await inside(async ({ effects, sealer }, db) => [
      (await allMeta(db, 'written')).rows,
      await db.selectFrom('meta').select('name').where('name', '=', 'written').execute(),
      effects.clock.now(),
      sealer.open('test', sealed, 'place')?.toString(),
    ])
    expect(answer).toEqual([[{ name: 'written', value: 'inside' }], [{ name: 'written' }], 7, 'text'])
    await parts.database.db.deleteFrom('meta').where('name', '=', 'written').execute()
  })

  it('outside of it everything runs, also what a transaction began and nobody waited for', async () => {
    let released: (() => void) | undefined
    let late: Promise<unknown> | undefined
    await inside(({ effects }) => {
      const over = new Promise<void>((resolve) => {
        released = resolve
      })
      late = over.then(() => effects.web.send({ url: 'https://example.com' }))
    })
    released?.()
    await late
    await parts.effects.sendSms?.({ id: '1', to: '+1', text: 't', userPoolId: 'p' })
    expect(reached.splice(0)).toEqual(['web.send', 'effects.sendSms'])
    await parts.database.db.deleteFrom('meta').where('name', '=', 'written').execute()
  })

  it('an effect that is not configured stays absent', () => {
    const bare = { ...outside(reached), sendEmail: undefined, externalSts: undefined }
    const { effects } = guardTransactions({ ...parts, effects: bare })
    expect([effects.sendEmail, effects.externalSts]).toEqual([undefined, undefined])
  })
})

describe('a server', () => {
  /** AdminAddUserToGroup asks for the time in its transaction. */
  const seen: boolean[] = []
  const clock = new TestClock()
  const now = clock.now
  clock.now = () => {
    seen.push(isInTransaction())
    return now()
  }
  const addMember = async (sdk: CognitoIdentityProviderClient) => {
    const server = { admin: sdk } as never
    const UserPoolId = (await makePool(server)).Id
    await makeUser(server, UserPoolId, 'ada')
    await sdk.send(new CreateGroupCommand({ UserPoolId, GroupName: 'g' }))
    await sdk.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: 'ada', GroupName: 'g' }))
    return new Set(seen.splice(0))
  }

  it('is guarded where answers are checked', async () => {
    const server = await startTestServer({ effects: { clock } })
    expect(await addMember(server.admin)).toEqual(new Set([false, true]))
    await server.stop()
  })

  it('and only there', async () => {
    const config = readConfig({ PORT: '0', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'silent' })
    const server = await startWith(config, loadSecrets(config), { effects: { clock } })
    const { url: endpoint, region, credentials } = server
    const sdk = new CognitoIdentityProviderClient({ endpoint, region, credentials, maxAttempts: 1 })
    expect(await addMember(sdk)).toEqual(new Set([false]))
    sdk.destroy()
    await server.stop()
  })
})
