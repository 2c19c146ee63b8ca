// `cognomen import` and `cognomen export` as an operator runs them: the users of one pool, in a file, into another.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AdminAddUserToGroupCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminUpdateUserAttributesCommand,
  CreateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transferUsers } from '../../src/transfer/transfer-users.ts'
import { responder, srpBeginner } from '../challenges.ts'
import {
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  startTestServer,
  type TestServer,
  useTestServer,
} from '../harness.ts'
import { promote, replicate, SECOND } from '../regions.ts'
import { srpAnswer } from '../srp-client.ts'
import { csvOf } from '../user-import.ts'

const server = useTestServer()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cognomen-import-'))
})
afterAll(() => rm(folder, { recursive: true }))

type Command = 'import' | 'export'

const run = (command: Command, ...args: string[]) => runOn(server, command, ...args)

async function runOn(
  { url, credentials }: Pick<TestServer, 'url' | 'credentials'>,
  command: Command,
  ...args: string[]
) {
  let text = ''
  const { accessKeyId, secretAccessKey } = credentials
  const env = { COGNOMEN_ACCESS_KEY_ID: accessKeyId, COGNOMEN_SECRET_ACCESS_KEY: secretAccessKey }
  const print = (part: string) => {
    text += part
  }
  const code = await transferUsers(command, [...args, '--url', url], env, { print, live: false })
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
    const exported = await run('export', file, '--pool', from)
    expect(exported.code).toBe(0)
    expect(exported.text).toMatch(/^70 users {2}[\d,]+ a second\n$/)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const imported = await run('import', file, '--pool', to)
    expect(imported.code).toBe(0)
    expect(imported.text).toMatch(
      /\[#{24}\] 100 % {2}70 of 70 users .*\n70 imported, 0 skipped, 0 failed\nSucceeded: Import Job Completed Successfully\.\n$/,
    )
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

  it('move to another server with their passwords, groups and states', async () => {
    const other = await startTestServer({ engine: 'postgres' })
    try {
      const { admin } = server
      const SmsConfiguration = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' }
      const settings: Parameters<typeof makePool>[1] = { ...EMAIL, MfaConfiguration: 'OPTIONAL', SmsConfiguration }
      const from = (await makePool(server, settings)).Id
      const named = (name: string) => ({ UserPoolId: from, Username: name })
      for (const name of ['ann', 'bob', 'eve', '$um'])
        await makeUser(server, from, name, { email: `${name}@example.com`, email_verified: 'true' })
      const phone = [
        { Name: 'phone_number', Value: '+15550100' },
        { Name: 'phone_number_verified', Value: 'true' },
      ]
      await admin.send(new AdminUpdateUserAttributesCommand({ ...named('bob'), UserAttributes: phone }))
      await admin.send(new AdminSetUserMFAPreferenceCommand({ ...named('bob'), SMSMfaSettings: { Enabled: true } }))
      await admin.send(new AdminDisableUserCommand(named('eve')))
      const groups = { admins: { Precedence: 1, Description: 'All, "really"' }, writers: {}, empty: {} }
      for (const [GroupName, rest] of Object.entries(groups))
        await admin.send(new CreateGroupCommand({ UserPoolId: from, GroupName, ...rest }))
      for (const [name, GroupName] of [
        ['ann', 'admins'],
        ['ann', 'writers'],
        ['eve', 'writers'],
      ] as const)
        await admin.send(new AdminAddUserToGroupCommand({ ...named(name), GroupName }))

      const [file, rest] = [join(folder, 'move.csv'), join(folder, 'move.jsonl')]
      await writeFile(file, 'somebody could read this', { mode: 0o644 })
      const exported = await run('export', file, '--pool', from, '--hashes', '--groups', rest)
      expect(exported).toMatchObject({ code: 0, text: expect.stringMatching(/^4 users .*\n$/) })
      for (const each of [file, rest]) expect((await stat(each)).mode & 0o777).toBe(0o600)
      expect((await readFile(rest, 'utf8')).trim().split('\n').sort()).toEqual([
        '{"group":"admins","description":"All, \\"really\\"","precedence":1}',
        '{"group":"empty"}',
        '{"group":"writers"}',
        '{"user":"ann","groups":["admins","writers"]}',
        '{"user":"eve","groups":["writers"],"enabled":false}',
      ])
      const without = await run('export', join(folder, 'without.csv'), '--pool', from)
      expect(without.text).toContain('1 of them are disabled, which --groups writes')
      expect(await readFile(join(folder, 'without.csv'), 'utf8')).not.toContain('cognomen-srp')

      const to = (await makePool(other, settings)).Id
      // A group that is there already stays as it is.
      await other.admin.send(new CreateGroupCommand({ UserPoolId: to, GroupName: 'writers', Description: 'here' }))
      const imported = await runOn(other, 'import', file, '--pool', to, '--hashes', 'COGNOMEN', '--groups', rest)
      expect(imported).toMatchObject({ code: 0, text: expect.stringContaining('4 imported, 0 skipped, 0 failed\n') })
      const { ClientId } = await makeClient(other, to)
      for (const name of ['ann', '$um']) {
        await expectRefusal(signIn(other, ClientId, name, `${PASSWORD}x`), 'NotAuthorizedException')
        expect((await signIn(other, ClientId, name, PASSWORD)).AccessToken).toBeDefined()
        // By now the verifier is one of the pool.
        const { start, challenge } = await srpBeginner(other, { poolId: to, clientId: ClientId })(name)
        const answer = srpAnswer(to, start, challenge, PASSWORD)
        const bySrp = await responder(other, { poolId: to, clientId: ClientId })('PASSWORD_VERIFIER', answer)
        expect(bySrp.AuthenticationResult?.AccessToken).toBeDefined()
      }
      await expectRefusal(signIn(other, ClientId, 'eve', PASSWORD), 'NotAuthorizedException', 'User is disabled.')
      const bob = await other.admin.send(new AdminGetUserCommand({ UserPoolId: to, Username: 'bob' }))
      expect(bob.UserMFASettingList).toEqual(['SMS_MFA'])
      const groupsOf = async (Username: string) =>
        (await other.admin.send(new AdminListGroupsForUserCommand({ UserPoolId: to, Username }))).Groups?.map(
          ({ GroupName, Description, Precedence }) => [GroupName, Description, Precedence],
        )
      expect(await groupsOf('ann')).toEqual([
        ['admins', 'All, "really"', 1],
        ['writers', 'here', undefined],
      ])
      expect(await groupsOf('eve')).toEqual([['writers', 'here', undefined]])

      // And on from there, whether they have signed in or not.
      const again = (await makePool(server, settings)).Id
      await runOn(other, 'export', file, '--pool', to, '--hashes')
      expect((await run('import', file, '--pool', again, '--hashes', 'COGNOMEN')).code).toBe(0)
      const client = await makeClient(server, again)
      for (const name of ['ann', 'eve'])
        expect((await signIn(server, client.ClientId, name, PASSWORD)).AccessToken).toBeDefined()
    } finally {
      await other.stop()
    }
  }, 60_000)

  it('are told of when their groups cannot be made', async () => {
    const pool = (await makePool(server)).Id
    await makeUser(server, pool, 'ann')
    const [file, rest] = [join(folder, 'few.csv'), join(folder, 'few.jsonl')]
    await writeFile(file, csvOf(['cognito:password_hash'], [['bob', '']]))
    await writeFile(rest, '{"group":"g"}\n\n{"user":"bob","groups":["g","none"]}\n{"user":"nobody","groups":["g"]}\n')
    const refused = await run('import', file, '--pool', pool, '--hashes', 'COGNOMEN', '--groups', rest)
    expect(refused.code).toBe(1)
    expect(refused.text).toContain('\nbob: AdminAddUserToGroup: Group not found.\n')
    expect(refused.text).toContain('\nnobody: AdminAddUserToGroup: User does not exist.\n')
    await writeFile(rest, '{"user":"ann"}\n')
    const wrong = await run('import', file, '--pool', pool, '--hashes', 'COGNOMEN', '--groups', rest)
    expect(wrong.code).toBe(1)
    expect(wrong.text).toContain('Line 1 of the groups is neither {"group": …} nor {"user": …, "groups": […]}.\n')
  })

  it('are written to a pool where it is primary, by the address of this region', async () => {
    const regions = await startTestServer({ env: { FURTHER_REGIONS: SECOND } })
    try {
      const pool = (await makePool(regions, EMAIL)).Id
      await replicate(regions, pool)
      await promote(regions, pool)
      const file = join(folder, 'there.csv')
      await writeFile(file, csvOf(['email', 'email_verified'], [['ann', 'ann@example.com', 'true']]))
      expect(await runOn(regions, 'import', file, '--pool', pool)).toEqual({
        code: 1,
        text: expect.stringContaining('secondary replica: call its primary region, eu-west-1.\n'),
      })
      const there = { url: `${regions.url}/regions/${SECOND}`, credentials: regions.credentials }
      expect(await runOn(there, 'import', file, '--pool', pool)).toMatchObject({ code: 0 })
      const copy = join(folder, 'back.csv')
      expect(await runOn(there, 'export', copy, '--pool', pool)).toMatchObject({ code: 0 })
      expect(await readFile(copy, 'utf8')).toContain(',ann@example.com,true,')
    } finally {
      await regions.stop()
    }
  }, 60_000)

  it('of a file larger than a piece', async () => {
    const pool = (await makePool(server, EMAIL)).Id
    const file = join(folder, 'large.csv')
    const profile = 'x'.repeat(2000)
    const rows = Array.from({ length: 4500 }, (_, i) => [`user${i}`, `user${i}@example.com`, 'true', profile])
    await writeFile(file, csvOf(['email', 'email_verified', 'profile'], rows))
    const { code, text } = await run('import', file, '--pool', pool)
    expect(text).toMatch(
      /^\[#{24}\] 100 % {2}(\d,[\d,]+) of \1 bytes sent .*\n\[#{24}\] 100 % {2}4,500 of 4,500 users /,
    )
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
    expect(await run('export', '--help')).toEqual({ code: 0, text: expect.stringMatching(/^Usage: cognomen import/) })
    for (const url of ['nonsense', 'localhost:9229'])
      expect(await runOn({ url, credentials: server.credentials }, 'export', '--pool', pool)).toEqual({
        code: 1,
        text: `--url is '${url}' but must be the address of a server, such as http://127.0.0.1:9229.\n`,
      })
    const foreign = { url: server.url, credentials: { accessKeyId: 'AKIAOFANOTHERSERVER0', secretAccessKey: 'secret' } }
    expect((await runOn(foreign, 'export', '--pool', pool)).text).toMatch(
      /^GetCSVHeader: The security token .*\nThe key must be one of this server: set COGNOMEN_ACCESS_KEY_ID and /,
    )
    expect((await run('import', file, '--pool', pool, '--colour')).code).toBe(2)
  })
})
