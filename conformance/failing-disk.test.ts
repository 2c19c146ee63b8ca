// A disk that fails below SQLite, in the system calls themselves: a started server with libfiu loaded into it.
// What was acknowledged is there afterwards, and the database is whole. Only in `npm run conformance`, which says what to
// install (scripts/conformance.mjs).
import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type StartedServer, startServer } from './start-server.ts'
import { adminClient, makePool } from './user-pool.ts'

/** The folder of libfiu's libraries; scripts/conformance.mjs finds it. */
const libfiu = process.env['COGNOMEN_LIBFIU']
const EIO = 5
const ENOSPC = 28
/** Their rows fill the 1000 pages of the log after which a checkpoint comes by itself. */
const USERS_OF_A_CHECKPOINT = 250
/** Hundreds of users are made one after the other, and each hashes a password: minutes on a machine that does much else. */
const PATIENCE_MS = 5 * 60 * 1000

describe.runIf(libfiu)('a disk that fails', { timeout: PATIENCE_MS }, () => {
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

  /** Makes users, four at a time; notes which of them the server acknowledged, and counts its other answers. */
  async function makeUsers(prefix: string, count: number): Promise<Record<string, number>> {
    const refused: Record<string, number> = {}
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
          ({ name: error, $metadata }) => {
            const answer = `${$metadata?.httpStatusCode} ${error}`
            refused[answer] = (refused[answer] ?? 0) + 1
          },
        )
      }
    }
    await Promise.all([writer(), writer(), writer(), writer()])
    return refused
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

  const databaseBytes = async () => (await stat(join(server.dataDir, 'cognomen.db'))).size
  const ready = async () => (await fetch(`${server.url}/health/ready`)).status
  const linesWith = (text: string) => server.output().split(text).length - 1

  describe('to read the log', () => {
    it('in the checkpoint at the stop, which is reported', async () => {
      await makeUsers('before', 50)
      await tell(`enable name=posix/io/rw/pread,failinfo=${EIO},onetime`)
      expect((await server.terminate()).code).toBe(0)
      expect(server.output()).toContain('The write-ahead log could not be copied into the database at the stop')
      expect(acknowledged).toHaveLength(50)
      await expectAllThere()
    })

    it('in the checkpoints that come by themselves', async () => {
      await makeUsers('before', 20)
      const before = await databaseBytes()
      await tell(`enable_random name=posix/io/rw/pread,failinfo=${EIO},probability=0.02`)
      await makeUsers('during', USERS_OF_A_CHECKPOINT)
      await tell('disable name=posix/io/rw/pread')
      expect(await makeUsers('after', 20)).toEqual({})
      // There was a checkpoint.
      expect(await databaseBytes()).toBeGreaterThan(before)
      await server.terminate()
      await expectAllThere()
    })
  })

  it.each([
    ['to write', EIO, 'see its log (dmesg)'],
    ['to write, being full', ENOSPC, 'The disk is full: make room on it.'],
  ])(
    '%s: writes are told to come later, reads are answered, and all goes on by itself',
    async (_how, error, advice) => {
      await makeUsers('before', 4)
      await tell(`enable name=posix/io/rw/pwrite,failinfo=${error}`)
      expect(await makeUsers('during', 20)).toEqual({ '503 ServiceUnavailable': 20 })
      await admin.send(new AdminGetUserCommand({ UserPoolId: poolId, Username: 'before-0' }))
      expect((await fetch(`${server.url}/${poolId}/.well-known/openid-configuration`)).status).toBe(200)
      expect(await ready()).toBe(503)
      await tell('disable name=posix/io/rw/pwrite')
      // Another try is made after a second without room.
      await vi.waitFor(async () => expect(await ready()).toBe(200), { timeout: PATIENCE_MS })
      expect(await makeUsers('after', 4)).toEqual({})
      await server.terminate()
      expect(linesWith('the database does not serve')).toBe(1)
      expect(server.output()).toContain(advice)
      await expectAllThere()
    },
  )

  it('to flush: the process says so and ends, and the next one has all that was acknowledged', async () => {
    await makeUsers('before', 4)
    await tell(`enable name=posix/io/sync/fdatasync,failinfo=${EIO},onetime`)
    // Those that waited for the flush; the process takes no more connections soon after.
    await makeUsers('during', 20)
    expect(acknowledged).toHaveLength(4)
    expect(await server.terminate()).toEqual({ code: 1, signal: null })
    expect(server.output()).toMatch(
      /The disk did not take the write-ahead log .*\nCheck the disk, then restart the server/,
    )
    await server.restart()
    expect(await ready()).toBe(200)
    await server.terminate()
    await expectAllThere()
  })
})
