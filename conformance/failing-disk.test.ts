// Reads of the disk that fail below SQLite, in the system calls themselves: a started server with libfiu loaded into it.
// What was acknowledged is there afterwards, and the database is whole. Only in `npm run conformance`, which says what to
// install (scripts/conformance.mjs).
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type StartedServer, startServer } from './start-server.ts'
import { adminClient, makePool } from './user-pool.ts'

/** The folder of libfiu's libraries; scripts/conformance.mjs finds it. */
const libfiu = process.env['COGNOMEN_LIBFIU']
const EIO = 5
/** More than the automatic checkpoint's 4000 pages of the log. */
const USERS_OF_A_CHECKPOINT = 700

describe.runIf(libfiu)('a disk that fails to read the write-ahead log', () => {
  let folder: string
  let server: StartedServer
  let admin: CognitoIdentityProviderClient
  let poolId: string
  const acknowledged: string[] = []

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cognomen-failing-disk-'))
    server = await startServer({
      dataDir: join(folder, 'data'),
      env: {
        PUBLIC_URL: 'http://cognomen.test',
        FIU_CTRL_FIFO: join(folder, 'fiu'),
        LD_PRELOAD: `${libfiu}/fiu_run_preload.so:${libfiu}/fiu_posix_preload.so`,
      },
    })
    admin = adminClient(server)
    poolId = (await makePool(admin)).poolId
    acknowledged.length = 0
  })

  afterEach(async () => {
    admin.destroy()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })

  /** Tells the running server's libfiu what fails from now on. */
  const tell = (command: string) =>
    promisify(execFile)('fiu-ctrl', ['-f', join(folder, 'fiu'), '-c', command, String(server.pid)])

  /** Makes users, four at a time; notes which of them the server acknowledged. */
  async function makeUsers(prefix: string, count: number): Promise<{ refused: number }> {
    let refused = 0
    const names = Array.from({ length: count }, (_, i) => `${prefix}-${i}`)
    const writer = async (): Promise<void> => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        const made = new AdminCreateUserCommand({
          UserPoolId: poolId,
          Username: name,
          MessageAction: 'SUPPRESS',
          UserAttributes: [{ Name: 'email', Value: `${name}@example.com` }],
        })
        await admin.send(made).then(
          () => acknowledged.push(name),
          () => refused++,
        )
      }
    }
    await Promise.all([writer(), writer(), writer(), writer()])
    return { refused }
  }

  /** Every acknowledged user, through the front door of a server on a disk that works, and the file's own check. */
  async function expectAllThere(): Promise<void> {
    const mended = await startServer({ dataDir: server.dataDir, env: { PUBLIC_URL: 'http://cognomen.test' } })
    const reader = adminClient(mended)
    try {
      for (const Username of acknowledged) await reader.send(new AdminGetUserCommand({ UserPoolId: poolId, Username }))
    } finally {
      reader.destroy()
      await mended.stop()
    }
    const database = new DatabaseSync(join(server.dataDir, 'cognomen.db'))
    const whole = database.prepare('PRAGMA integrity_check').all()
    database.close()
    expect(whole).toEqual([{ integrity_check: 'ok' }])
  }

  it('in the checkpoint at the stop, which is reported', async () => {
    await makeUsers('before', 50)
    await tell(`enable name=posix/io/rw/pread,failinfo=${EIO},onetime`)
    expect((await server.terminate()).code).toBe(0)
    expect(server.output()).toContain('The write-ahead log could not be copied into the database at the stop')
    expect(acknowledged).toHaveLength(50)
    await expectAllThere()
  })

  it('in the checkpoints that come by themselves', async () => {
    await makeUsers('before', 50)
    await tell(`enable_random name=posix/io/rw/pread,failinfo=${EIO},probability=0.02`)
    await makeUsers('during', USERS_OF_A_CHECKPOINT)
    await tell('disable name=posix/io/rw/pread')
    expect(await makeUsers('after', 50)).toEqual({ refused: 0 })
    await server.terminate()
    expect(acknowledged.length).toBeGreaterThan(100)
    await expectAllThere()
  })
})
