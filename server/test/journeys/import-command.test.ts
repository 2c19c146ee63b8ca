// `cognomen import` and `cognomen export` as an operator runs them: the users of one pool, in a file, into another.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transferUsers } from '../../src/import-command.ts'
import { makeClient, makePool, makeUser, signIn, useTestServer } from '../harness.ts'
import { csvOf } from '../user-import.ts'

const server = useTestServer()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cognomen-import-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function run(command: 'import' | 'export', ...args: string[]): Promise<{ code: number; text: string }> {
  let text = ''
  const { accessKeyId, secretAccessKey } = server.credentials
  const env = { COGNOMEN_ACCESS_KEY_ID: accessKeyId, COGNOMEN_SECRET_ACCESS_KEY: secretAccessKey }
  const code = await transferUsers(command, [...args, '--url', server.url], env, (part) => {
    text += part
  })
  return { code, text }
}

const EMAIL: Parameters<typeof makePool>[1] = { AutoVerifiedAttributes: ['email'] }

describe('the users of a pool', () => {
  it('go into a file, and from there into another pool', async () => {
    const [from, to] = [(await makePool(server, EMAIL)).Id, (await makePool(server, EMAIL)).Id]
    const address = '1 Road,\n"Town" \\, x'
    for (let i = 0; i < 70; i++)
      await makeUser(server, from, `user${i}`, { email: `user${i}@example.com`, email_verified: 'true', address })
    const file = join(folder, 'users.csv')
    expect(await run('export', file, '--pool', from)).toEqual({ code: 0, text: '\r60 users\r70 users\n' })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const imported = await run('import', file, '--pool', to)
    expect(imported.code).toBe(0)
    expect(imported.text).toMatch(/70 imported, 0 skipped, 0 failed\nSucceeded: Import Job Completed Successfully\.\n$/)
    const second = join(folder, 'again.csv')
    await run('export', second, '--pool', to)
    const rows = async (name: string) => (await readFile(name, 'utf8')).trim().split('\n').sort()
    expect(await rows(second)).toEqual(await rows(file))
    expect((await rows(file))[0]).toContain('"1 Road, ""Town"" \\, x"')
    // Whoever is there already is told of.
    const again = await run('import', file, '--pool', to)
    expect(again.text).toContain('[SKIPPED] Line Number 71 - The user already exists.')
  }, 60_000)

  it('come with their passwords', async () => {
    const pool = (await makePool(server)).Id
    const { ClientId } = await makeClient(server, pool)
    const file = join(folder, 'hashes.csv')
    const { default: vectors } = await import('../../src/crypto/imported-hashes/vectors.json', {
      with: { type: 'json' },
    })
    const [{ hash, password } = { hash: '', password: '' }] = vectors
    await writeFile(file, csvOf(['cognito:password_hash'], [['ann', hash]]))
    expect((await run('import', file, '--pool', pool, '--hashes', 'BCRYPT')).code).toBe(0)
    expect((await signIn(server, ClientId, 'ann', password)).AccessToken).toBeDefined()
  })

  it('of a file larger than a piece', async () => {
    const pool = (await makePool(server, EMAIL)).Id
    const file = join(folder, 'large.csv')
    const profile = 'x'.repeat(2000)
    const rows = Array.from({ length: 4500 }, (_, i) => [`user${i}`, `user${i}@example.com`, 'true', profile])
    await writeFile(file, csvOf(['email', 'email_verified', 'profile'], rows))
    const { code, text } = await run('import', file, '--pool', pool)
    expect(text).toMatch(/^\r8388608 of \d+ bytes sent\r(\d+) of \1 bytes sent\n/)
    expect(text).toContain('4500 imported, 0 skipped, 0 failed\n')
    expect(code).toBe(0)
  }, 60_000)

  it('that cannot be imported are told of', async () => {
    const pool = (await makePool(server, EMAIL)).Id
    const file = join(folder, 'bad.csv')
    await writeFile(file, csvOf(['email', 'email_verified'], [['ann', 'ann@example.com', 'false']]))
    const failed = await run('import', file, '--pool', pool)
    expect(failed.code).toBe(1)
    expect(failed.text).toContain('[FAILED] Line Number 2 - The User Record does not set any of the auto verified')
    await writeFile(file, '')
    expect(await run('import', file, '--pool', pool)).toMatchObject({ code: 1 })
    expect((await run('import', join(folder, 'none.csv'), '--pool', pool)).text).toMatch(/^ENOENT/)
    expect(await run('import', file, '--pool', 'us-east-1_NoSuchPoo')).toEqual({
      code: 1,
      text: 'CreateUserImportJob: User pool us-east-1_NoSuchPoo does not exist.\n',
    })
    expect((await run('import', file)).text).toMatch(/^Usage: cognomen import/)
    expect((await run('import', file, '--pool', pool, '--colour')).code).toBe(2)
  })
})
