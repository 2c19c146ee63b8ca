// A file system that the system makes read-only below a running server, as ext4 does after an error of its disk: the real
// thing, on an image of a disk. Only in `npm run conformance`, on Linux and as root, who may mount.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AdminGetUserCommand, type CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acknowledgedUsers, expectAllThere } from './acknowledged-users.ts'
import { type StartedServer, startServer } from './start-server.ts'
import { adminClient, makePool } from './user-pool.ts'

const IMAGE_BYTES = 64 * 1024 * 1024
const PATIENCE_MS = 5 * 60 * 1000

const run = (program: string, ...args: string[]): void =>
  void execFileSync(program, args, { stdio: 'pipe', env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } })

/** An ext4 of its own, mounted in a new folder. */
function makeDisk(): { folder: string; mount(): void; unmount(): void; fail(): void; remove(): void } {
  const base = mkdtempSync(join(tmpdir(), 'cognomen-read-only-'))
  const image = join(base, 'image')
  const folder = mkdtempSync(join(base, 'disk-'))
  writeFileSync(image, '')
  run('truncate', '-s', String(IMAGE_BYTES), image)
  run('mkfs.ext4', '-q', image)
  return {
    folder,
    mount: () => run('mount', '-o', 'loop,errors=remount-ro', image, folder),
    unmount: () => run('umount', folder),
    // What ext4 does when it finds an error of the disk. An ordinary remount is refused while files are open for writing.
    fail: () => run('mount', '-o', 'remount,abort', folder),
    // Lazily, since SQLite's library keeps a closed database open until its statements are collected as garbage.
    remove() {
      try {
        run('umount', '--lazy', folder)
      } catch {}
      rmSync(base, { recursive: true, force: true })
    },
  }
}

/** Whether this process may mount what the test needs. */
function mayMount(): boolean {
  if (!process.env['COGNOMEN_LONG'] || process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const disk = makeDisk()
  try {
    disk.mount()
    disk.unmount()
    return true
  } catch {
    return false
  } finally {
    disk.remove()
  }
}

describe.runIf(mayMount())('a file system that becomes read-only', { timeout: PATIENCE_MS }, () => {
  let disk: ReturnType<typeof makeDisk>
  let server: StartedServer
  let admin: CognitoIdentityProviderClient

  beforeEach(async () => {
    disk = makeDisk()
    disk.mount()
    server = await startServer({ dataDir: join(disk.folder, 'data'), env: { PUBLIC_URL: 'http://cognomen.test' } })
    admin = adminClient(server)
  })

  afterEach(async () => {
    admin.destroy()
    await server.stop()
    disk.remove()
  })

  const ready = async () => (await fetch(`${server.url}/health/ready`)).status

  it('is told with advice, serves reads, and has lost nothing when it is mounted again', async () => {
    const { poolId } = await makePool(admin)
    const users = acknowledgedUsers(() => admin, poolId)
    await users.make('before', 20)
    disk.fail()
    expect(await users.make('during', 20)).toEqual({ '503 ServiceUnavailable': 20 })
    expect(await ready()).toBe(503)
    await admin.send(new AdminGetUserCommand({ UserPoolId: poolId, Username: 'before-0' }))
    await server.terminate()
    const lines = server.output().match(/^\{.*does not serve.*$/gm)
    expect(lines).toHaveLength(1)
    expect(lines?.[0]).toContain('The database or its file system can only be read')
    disk.unmount()
    disk.mount()
    await server.restart()
    expect(await ready()).toBe(200)
    await server.terminate()
    expect(users.names).toHaveLength(20)
    await expectAllThere(users, { dataDir: server.dataDir, poolId })
  })
})
