// Starts that must be refused: the process ends with code 1 and says what to do, and whoever runs already is not harmed.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { isAbsolute, join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { CreateUserPoolCommand, ListUserPoolsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { afterEach, describe, expect, test } from 'vitest'
import {
  engines,
  readCredentials,
  runToEnd,
  type ServerOptions,
  type StartedServer,
  startServer,
} from '../../../conformance/start-server.ts'
import { adminClient } from '../../../conformance/user-pool.ts'
import { postgresUrl } from '../postgres.ts'

const running: StartedServer[] = []
const folders: string[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()))
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function start(options?: ServerOptions): Promise<StartedServer> {
  const server = await startServer(options)
  running.push(server)
  return server
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'cognomen-faults-'))
  folders.push(path)
  return path
}

const masterKey = (): string => randomBytes(32).toString('base64')

describe('a second process on the same SQLite folder', () => {
  test('is refused, and the first goes on', async () => {
    const first = await start()
    const sdk = adminClient(first)
    await sdk.send(new CreateUserPoolCommand({ PoolName: 'before' }))
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await runToEnd({ dataDir: first.dataDir })).toEqual({
        code: 1,
        signal: null,
        stdout: '',
        stderr: `Another Cognomen process is using ${first.dataDir}/cognomen.db. Stop it, set another DATA_DIR, or use DATABASE_URL=postgres://… to run several processes on one database.\n`,
      })
      await sdk.send(new CreateUserPoolCommand({ PoolName: `after ${attempt}` }))
    }
    const { UserPools } = await sdk.send(new ListUserPoolsCommand({ MaxResults: 60 }))
    expect(UserPools?.map(({ Name }) => Name).sort()).toEqual(['after 0', 'after 1', 'after 2', 'before'])
    sdk.destroy()
    expect(await first.terminate()).toEqual({ code: 0, signal: null })
  })

  test('starts as soon as the first was killed', async () => {
    const first = await start()
    await first.kill()
    const second = await start({ dataDir: first.dataDir })
    expect(second.credentials).toEqual(first.credentials)
  })

  test('of two that start at once, one runs', async () => {
    const dataDir = await folder()
    const outcomes = await Promise.allSettled([start({ dataDir }), start({ dataDir })])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = outcomes.find((outcome) => outcome.status === 'rejected')
    expect(String(refused?.reason)).toContain('Another Cognomen process is using')
  })
})

test('two first starts on an empty PostgreSQL both run', async () => {
  const env = { DATABASE_URL: await postgresUrl(), COGNOMEN_MASTER_KEY: masterKey() }
  await Promise.all([start({ env }), start({ env }), start({ env })])
})

test('a port that is taken', async () => {
  const { port } = new URL((await start()).url)
  expect(await runToEnd({ env: { PORT: port } })).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `listen EADDRINUSE: address already in use 127.0.0.1:${port}\nAnother program listens there: stop it, or choose another PORT.\n`,
  })
})

test.each([
  ['192.0.2.1', 'EADDRNOTAVAIL'],
  ['no-such-host.invalid', 'getaddrinfo'],
])('the address %s', async (HOST, said) => {
  const { code, stderr } = await runToEnd({ env: { HOST } })
  expect(code).toBe(1)
  expect(stderr).toContain(said)
  expect(stderr).toMatch(/\nSet HOST and PORT to an address that this user may listen on\.\n$/)
  expect(stderr.split('\n')).toHaveLength(3)
})

test('wrong settings, all of them at once', async () => {
  const { code, stdout, stderr } = await runToEnd({
    env: {
      PORT: '70000',
      LOG_LEVEL: 'loud',
      AWS_REGION: 'nowhere',
      ACCOUNT_ID: '12',
      DATABASE_URL: 'mysql://user:hidden-password@host/db',
      COGNOMEN_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
      COGNOMEN_MASTER_KEY: 'not-a-key',
      COGNOMEN_DEV_CODE: '12',
      SMTP_URL: 'http://mail',
    },
  })
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^The configuration has 9 problems:\n/)
  for (const name of ['PORT', 'LOG_LEVEL', 'AWS_REGION', 'ACCOUNT_ID', 'DATABASE_URL', 'COGNOMEN_ACCESS_KEY_ID']) {
    expect(stderr).toContain(`  - ${name} `)
  }
  expect(stderr).toContain(
    'COGNOMEN_MASTER_KEY must be 32 bytes in base64 or hex; make one with: openssl rand -base64 32',
  )
  expect(stderr).toContain('COGNOMEN_DEV_CODE must be 6 digits.')
  expect(stderr).toContain('SMTP_URL must be a URL that starts with smtp:// or smtps://.')
  // Secrets are not repeated.
  expect(stderr).not.toContain('hidden-password')
  expect(stderr).not.toContain('not-a-key')
})

test('an unknown command', async () => {
  const { code, stdout, stderr } = await runToEnd({ args: ['serve'] })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^cognomen: unknown command 'serve'\n\nUsage: cognomen /)
})

describe.each(engines)('on %s', (engine) => {
  test('a master key that does not fit, until the one that fits is named as a previous one', async () => {
    const [right, wrong] = [masterKey(), masterKey()]
    const first = await start({ engine, env: { COGNOMEN_MASTER_KEY: right } })
    expect(await first.terminate()).toEqual({ code: 0, signal: null })
    const again = { dataDir: first.dataDir, env: { ...first.env, COGNOMEN_MASTER_KEY: wrong } }
    expect(await runToEnd(again)).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'The master key does not open this database: it was filled under another one. Set COGNOMEN_MASTER_KEY to that key, or list it in COGNOMEN_PREVIOUS_MASTER_KEYS.\n',
    })
    await start({ ...again, env: { ...again.env, COGNOMEN_PREVIOUS_MASTER_KEYS: right } })
  })
})

describe('production', () => {
  test('on PostgreSQL does not run on keys that it would have to make', async () => {
    const env = { NODE_ENV: 'production', DATABASE_URL: await postgresUrl() }
    const { code, stderr } = await runToEnd({ env })
    expect(code).toBe(1)
    expect(stderr).toBe(
      `The configuration has 2 problems:
  - Set COGNOMEN_ACCESS_KEY_ID and COGNOMEN_SECRET_ACCESS_KEY: a production start on PostgreSQL does not run on a key made in the data folder.
  - Set COGNOMEN_MASTER_KEY or COGNOMEN_MASTER_KEY_FILE (make one with: openssl rand -base64 32): every process needs the same key, kept apart from the database.
Every setting is described in docs/configuration.md.
`,
    )
  })

  test('has no outbox and takes no fixed code', async () => {
    expect((await runToEnd({ env: { NODE_ENV: 'production', COGNOMEN_DEV_CODE: '123456' } })).stderr).toContain(
      'COGNOMEN_DEV_CODE is for development only: unset it, or unset NODE_ENV=production.',
    )
    const server = await start({ env: { NODE_ENV: 'production' } })
    for (const path of ['/outbox', '/outbox.json']) expect((await fetch(`${server.url}${path}`)).status).toBe(404)
  })
})

describe('the folder and the database', () => {
  test('a data folder that is a file', async () => {
    const dataDir = join(await folder(), 'file')
    await writeFile(dataDir, '')
    const { code, stderr } = await runToEnd({ dataDir })
    expect(code).toBe(1)
    expect(stderr).toContain(dataDir)
    expect(stderr).toMatch(/\nSet DATA_DIR to a folder that this user may read and write\.\n$/)
    expect(stderr.split('\n')).toHaveLength(3)
  })

  test('a database file that is none', async () => {
    const dataDir = await folder()
    await writeFile(join(dataDir, 'cognomen.db'), 'This is a letter, not a database. '.repeat(50))
    const { code, stderr } = await runToEnd({ dataDir, env: { COGNOMEN_MASTER_KEY: masterKey() } })
    expect(code).toBe(1)
    expect(stderr).toBe(
      `The database ${dataDir}/cognomen.db cannot be opened: file is not a database\nThe database file is not one of SQLite: stop the server and put back the newest backup.\n`,
    )
  })

  /** A data folder that a server has filled and left in order, or by `kill -9`. */
  async function filled(end: 'terminate' | 'kill' = 'terminate'): Promise<{ dataDir: string; file: string }> {
    const dataDir = await folder()
    const server = await start({ dataDir })
    const sdk = adminClient(server)
    await sdk.send(new CreateUserPoolCommand({ PoolName: 'first' }))
    sdk.destroy()
    await server[end]()
    return { dataDir, file: join(dataDir, 'cognomen.db') }
  }

  test('a data folder in which nothing can be made', async () => {
    const { code, stderr } = await runToEnd({ dataDir: '/proc/nope/data', env: { DATA_DIR: '/proc/nope/data' } })
    expect(code).toBe(1)
    expect(stderr).toMatch(/\/proc\/nope.*\nSet DATA_DIR to a folder that this user may read and write\.\n$/s)
  })

  test('a database whose master key is gone: no other is made', async () => {
    const { dataDir, file } = await filled()
    const key = join(dataDir, 'master-key')
    await rename(key, `${key}.away`)
    await rm(join(dataDir, 'credentials'))
    const { code, stdout, stderr } = await runToEnd({ dataDir })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`The master key of ${file} is missing: ${key} is not there. Put it back from your copy`)
    expect((await readdir(dataDir)).sort()).toEqual(['cognomen.db', 'cognomen.db-reserve', 'master-key.away'])
    await rename(`${key}.away`, key)
    await start({ dataDir })
  })

  test('a PostgreSQL database whose master key is gone: no other stays', async () => {
    const dataDir = await folder()
    const env = { DATABASE_URL: await postgresUrl() }
    await (await start({ dataDir, env })).terminate()
    const key = join(dataDir, 'master-key')
    await rename(key, `${key}.away`)
    const { code, stderr } = await runToEnd({ dataDir, env })
    expect(code).toBe(1)
    expect(stderr).toContain(`The master key of the database is missing: ${key} is not there.`)
    await rename(`${key}.away`, key)
    await start({ dataDir, env })
  })

  test('an empty database beside a master key is told of', async () => {
    const { dataDir, file } = await filled()
    await rm(file)
    const server = await start({ dataDir, env: { LOG_LEVEL: 'warn' } })
    await server.terminate()
    expect(server.output()).toContain(`The database is empty, but ${dataDir}/master-key is from an earlier start.`)
  })

  test('a log that was removed is told of, and one that is there is not', async () => {
    const { dataDir, file } = await filled('kill')
    const whole = await start({ dataDir, env: { LOG_LEVEL: 'warn' } })
    await whole.kill()
    expect(whole.output()).not.toContain('"level":40')
    await rm(`${file}-wal`)
    const server = await start({ dataDir, env: { LOG_LEVEL: 'warn' } })
    await server.terminate()
    expect(server.output()).toContain(`The write-ahead log ${file}-wal is missing, although`)
    await server.restart()
    await server.terminate()
    expect(server.output()).not.toContain('is missing')
  })

  test('files that others can read are told of', async () => {
    const { dataDir, file } = await filled()
    await chmod(file, 0o644)
    const server = await start({ dataDir, env: { LOG_LEVEL: 'warn' } })
    await server.terminate()
    expect(server.output()).toContain(`Others on this machine can read ${file} (mode 644)`)
    expect(server.output()).toContain(`chmod go= ${file}`)
  })

  test('pages of the database that were damaged', async () => {
    const { dataDir, file } = await filled()
    const content = await readFile(file)
    // All but the first page, which says that it is a database.
    for (let at = 4096; at < content.length; at++) content[at] = (content[at] as number) ^ 0xff
    await writeFile(file, content)
    const { code, stdout, stderr } = await runToEnd({ dataDir })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('database disk image is malformed')
    expect(stderr).toContain('The database file is damaged or the disk fails to read it')
    expect(stderr).toContain('stop the server, keep a copy of the files, and put back the newest backup')
  })

  test('a damaged file of credentials', async () => {
    const dataDir = await folder()
    await writeFile(join(dataDir, 'credentials'), '[default]\n')
    const { code, stderr } = await runToEnd({ dataDir })
    expect(code).toBe(1)
    expect(stderr).toContain(
      `${dataDir}/credentials must hold aws_access_key_id and aws_secret_access_key; delete it to have a new key made.`,
    )
  })

  test('a PostgreSQL that is not there', async () => {
    const { code, stderr } = await runToEnd({ env: { DATABASE_URL: 'postgres://user:hidden-password@127.0.0.1:9/db' } })
    expect(code).toBe(1)
    expect(stderr).toBe(
      'PostgreSQL at 127.0.0.1:9/db cannot be reached: connect ECONNREFUSED 127.0.0.1:9. Check DATABASE_URL and that the server runs.\n',
    )
  })
})

test('a stop that comes with the start is a stop', async () => {
  const server = await start()
  expect(await server.terminate()).toEqual({ code: 0, signal: null })
  for (let attempt = 0; attempt < 5; attempt++) {
    await server.restart()
    await sleep(attempt)
    expect(await server.terminate()).toEqual({ code: 0, signal: null })
  }
})

describe('what is printed leads to the administrator', () => {
  test.each([
    [
      'a folder with spaces, named from here',
      (folder: string) => ({ DATA_DIR: relative(process.cwd(), join(folder, "it's my data")) }),
    ],
    ['a database in memory', (folder: string) => ({ DATA_DIR: folder, DATABASE_URL: 'sqlite::memory:' })],
  ])('with %s', async (_, settings) => {
    const server = await start({ env: settings(await folder()), dataDir: await folder() })
    const line = /^ +(export AWS_ENDPOINT_URL=.*)$/m.exec(server.output())?.[1] as string
    const { stdout } = await promisify(execFile)('sh', ['-c', `${line}; env`], { env: {} })
    const printed = Object.fromEntries(stdout.split('\n').map((pair) => pair.split(/=(.*)/s) as [string, string]))
    const file = printed['AWS_SHARED_CREDENTIALS_FILE']
    const credentials =
      file === undefined
        ? {
            accessKeyId: printed['AWS_ACCESS_KEY_ID'] as string,
            secretAccessKey: printed['AWS_SECRET_ACCESS_KEY'] as string,
          }
        : await readCredentials(file)
    expect(file === undefined || isAbsolute(file)).toBe(true)
    const sdk = adminClient({
      url: printed['AWS_ENDPOINT_URL'] as string,
      region: printed['AWS_REGION'] as string,
      credentials,
    })
    expect(await sdk.send(new ListUserPoolsCommand({ MaxResults: 1 }))).toMatchObject({ UserPools: [] })
    sdk.destroy()
  })
})
