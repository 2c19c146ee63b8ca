// A disk that fails below SQLite, in the system calls themselves: a started server with libfiu loaded into it.
// What was acknowledged is there afterwards, and the database is whole. Only in `npm run conformance`, which says what to
// install (scripts/conformance.mjs).
import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AdminGetUserCommand, type CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AcknowledgedUsers, acknowledgedUsers, expectAllThere } from './acknowledged-users.ts'
import { type StartedServer, startServer } from './start-server.ts'
import { adminClient, makePool } from './user-pool.ts'

/** The folder of libfiu's libraries; scripts/conformance.mjs finds it. */
const libfiu = process.env['COGNOMEN_LIBFIU']
const EIO = 5
const ENOSPC = 28
const EROFS = 30
/** Their rows fill the 1000 pages of the log after which a checkpoint comes by itself. */
const USERS_OF_A_CHECKPOINT = 250
/** Hundreds of users are made one after the other, and each hashes a password: minutes on a machine that does much else. */
const PATIENCE_MS = 5 * 60 * 1000

describe.runIf(libfiu)('a disk that fails', { timeout: PATIENCE_MS }, () => {
  let folder: string
  let server: StartedServer
  let admin: CognitoIdentityProviderClient
  let poolId: string
  let users: AcknowledgedUsers

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
    users = acknowledgedUsers(() => admin, poolId)
  })

  afterEach(async () => {
    admin.destroy()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })

  /** Tells the running server's libfiu what fails from now on. */
  const tell = (command: string) =>
    promisify(execFile)('fiu-ctrl', ['-f', join(folder, 'fiu'), '-c', command, String(server.pid)])

  const expectThemThere = () => expectAllThere(users, { dataDir: server.dataDir, poolId })
  const databaseBytes = async () => (await stat(join(server.dataDir, 'cognomen.db'))).size
  const ready = async () => (await fetch(`${server.url}/health/ready`)).status
  const linesWith = (text: string) => server.output().split(text).length - 1

  /** A write whose answer is XML. */
  async function iamUser(): Promise<void> {
    const { url: endpoint, credentials } = server
    const iam = new IAMClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
    try {
      await iam.send(new CreateUserCommand({ UserName: 'dev' }))
    } finally {
      iam.destroy()
    }
  }

  it('to read, most of the time: it is not ready, refuses what it cannot read, and goes on by itself', async () => {
    await users.make('before', 200)
    await server.terminate()
    // So that nothing is read from memory.
    await server.restart()
    admin.destroy()
    admin = adminClient(server)
    await tell(`enable_random name=posix/io/rw/pread,failinfo=${EIO},probability=0.9`)
    const unready = vi.waitFor(async () => expect(await ready()).toBe(503), { timeout: 60_000, interval: 100 })
    const { ok = 0, '503 ServiceUnavailable': refused = 0, ...others } = await users.read()
    await unready
    expect(others).toEqual({})
    expect(refused).toBeGreaterThan(ok)
    await tell('disable name=posix/io/rw/pread')
    expect(await users.read()).toEqual({ ok: 200 })
    await vi.waitFor(async () => expect(await ready()).toBe(200), { timeout: PATIENCE_MS })
    expect(await users.make('after', 4)).toEqual({ ok: 4 })
    await server.terminate()
    expect(linesWith('the database does not serve')).toBe(1)
    expect(server.output()).toContain('the disk fails to read it: see the log of the system (dmesg)')
    await expectThemThere()
  })

  describe('to read the log', () => {
    it('in the checkpoint at the stop, which is reported', async () => {
      await users.make('before', 50)
      await tell(`enable name=posix/io/rw/pread,failinfo=${EIO},onetime`)
      expect((await server.terminate()).code).toBe(0)
      expect(server.output()).toContain('The write-ahead log could not be copied into the database at the stop')
      expect(users.names).toHaveLength(50)
      await expectThemThere()
    })

    it('in the checkpoints that come by themselves', async () => {
      await users.make('before', 20)
      const before = await databaseBytes()
      await tell(`enable_random name=posix/io/rw/pread,failinfo=${EIO},probability=0.02`)
      await users.make('during', USERS_OF_A_CHECKPOINT)
      await tell('disable name=posix/io/rw/pread')
      expect(await users.make('after', 20)).toEqual({ ok: 20 })
      // There was a checkpoint.
      expect(await databaseBytes()).toBeGreaterThan(before)
      await server.terminate()
      await expectThemThere()
    })
  })

  it.each([
    ['to write', EIO, 'see its log (dmesg)'],
    ['to write, being full', ENOSPC, 'The disk is full: make room on it.'],
    ['to write, being read-only', EROFS, 'see its log (dmesg)'],
  ])(
    '%s: writes are told to come later, reads are answered, and all goes on by itself',
    async (_how, error, advice) => {
      await users.make('before', 4)
      await tell(`enable name=posix/io/rw/pwrite,failinfo=${error}`)
      expect(await users.make('during', 20)).toEqual({ '503 ServiceUnavailable': 20 })
      await expect(iamUser()).rejects.toMatchObject({ name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } })
      await admin.send(new AdminGetUserCommand({ UserPoolId: poolId, Username: 'before-0' }))
      expect((await fetch(`${server.url}/${poolId}/.well-known/openid-configuration`)).status).toBe(200)
      expect(await ready()).toBe(503)
      await tell('disable name=posix/io/rw/pwrite')
      // Another try is made after a second without room.
      await vi.waitFor(async () => expect(await ready()).toBe(200), { timeout: PATIENCE_MS })
      expect(await users.make('after', 4)).toEqual({ ok: 4 })
      await server.terminate()
      expect(linesWith('the database does not serve')).toBe(1)
      expect(server.output()).toContain(advice)
      await expectThemThere()
    },
  )

  it('to flush: the process says so and ends, and the next one has all that was acknowledged', async () => {
    await users.make('before', 4)
    await tell(`enable name=posix/io/sync/fdatasync,failinfo=${EIO},onetime`)
    // Those that waited for the flush; the process takes no more connections soon after.
    await users.make('during', 20)
    expect(users.names).toHaveLength(4)
    expect(await server.terminate()).toEqual({ code: 1, signal: null })
    expect(server.output()).toMatch(
      /The disk did not take the write-ahead log .*\nCheck the disk, then restart the server/,
    )
    await server.restart()
    expect(await ready()).toBe(200)
    await server.terminate()
    await expectThemThere()
  })
})
