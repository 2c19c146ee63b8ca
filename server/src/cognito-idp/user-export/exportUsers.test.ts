// What an export says of users; that its hashes are those which an import takes is server/test/journeys/transfer.test.ts.
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminSetUserMFAPreferenceCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, makePool, makeUser, PASSWORD, useTestServer } from '../../../test/harness.ts'
import { call } from '../../../test/refusals/raw-request.ts'
import { csvOf, importFile } from '../../../test/user-import.ts'
import { readHash } from '../../crypto/imported-hashes/hash-schemes.ts'
import { limits } from '../limits.ts'

interface Exported {
  Username: string
  PasswordHash?: string
}

describe.each(engines)('ExportUsers on %s', (engine) => {
  const server = useTestServer({ engine })
  const page = async (input: object) => (await call(server, 'ExportUsers', input, { sign: true })).json
  async function everyone(UserPoolId: string, input: object = {}): Promise<Exported[]> {
    const users: Exported[] = []
    let NextToken: unknown
    do {
      const answer = await page({ UserPoolId, ...input, ...(NextToken ? { NextToken } : {}) })
      users.push(...(answer['Users'] as Exported[]))
      NextToken = answer['NextToken']
    } while (NextToken !== undefined)
    return users.sort((one, other) => (one.Username < other.Username ? -1 : 1))
  }

  it('says of users what the file of an import has no column for as well', async () => {
    const { admin } = server
    const { Id } = await makePool(server, {
      MfaConfiguration: 'OPTIONAL',
      SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' },
    })
    await makeUser(server, Id, 'ann', { phone_number: '+15550100', phone_number_verified: 'true' })
    const sub = await makeUser(server, Id, 'bob')
    const named = { UserPoolId: Id, Username: 'ann' }
    for (const GroupName of ['writers', 'admins', 'gone']) {
      await admin.send(new CreateGroupCommand({ UserPoolId: Id, GroupName }))
      await admin.send(new AdminAddUserToGroupCommand({ ...named, GroupName }))
    }
    await admin.send(new DeleteGroupCommand({ UserPoolId: Id, GroupName: 'gone' }))
    await admin.send(new AdminSetUserMFAPreferenceCommand({ ...named, SMSMfaSettings: { Enabled: true } }))
    await admin.send(new AdminDisableUserCommand({ UserPoolId: Id, Username: 'bob' }))
    const users = await everyone(Id)
    expect(users).toEqual([
      {
        Username: 'ann',
        Attributes: expect.arrayContaining([{ Name: 'phone_number', Value: '+15550100' }]),
        Enabled: true,
        UserStatus: 'CONFIRMED',
        MfaEnabled: true,
        Groups: ['admins', 'writers'],
      },
      {
        Username: 'bob',
        Attributes: [{ Name: 'sub', Value: sub }],
        Enabled: false,
        UserStatus: 'CONFIRMED',
        MfaEnabled: false,
        Groups: [],
      },
    ])
  })

  it('gives hashes of confirmed users where they are asked for', async () => {
    const { Id } = await makePool(server)
    await makeUser(server, Id, 'ann')
    await server.admin.send(
      new AdminCreateUserCommand({ UserPoolId: Id, Username: 'temporary', MessageAction: 'SUPPRESS' }),
    )
    const bcrypt = '$2b$05$5.cejZrx80WMPx2yyxFEQeeYO7mKP2ZHjRf0LDCHQWP8S7DEKL/8e'
    await importFile(
      server,
      Id,
      csvOf(
        ['cognito:password_hash'],
        [
          ['imported', bcrypt],
          ['without', ''],
        ],
      ),
      {
        PasswordHashingAlgorithm: 'BCRYPT',
      },
    )
    for (const user of await everyone(Id)) expect(user.PasswordHash).toBeUndefined()
    const users = await everyone(Id, { PasswordHashes: true })
    const hashOf = (name: string) => users.find(({ Username }) => Username === name)?.PasswordHash
    expect(hashOf('imported')).toBe(bcrypt)
    expect(hashOf('temporary')).toBeUndefined()
    expect(hashOf('without')).toBeUndefined()
    const check = readHash(hashOf('ann') ?? '')
    expect(await check?.(PASSWORD)).toBe(true)
    expect(await check?.(`${PASSWORD}x`)).toBe(false)
  })

  it('gives every user once, page by page; a token is that of its own list', async () => {
    const { Id } = await makePool(server, { AutoVerifiedAttributes: ['email'] })
    const names = Array.from({ length: limits.exportPage.max * 2 + 1 }, (_, i) => `user${i}`)
    await importFile(
      server,
      Id,
      csvOf(
        ['email', 'email_verified'],
        names.map((name) => [name, `${name}@example.com`, 'true']),
      ),
    )
    expect((await everyone(Id)).map(({ Username }) => Username)).toEqual([...names].sort())
    const { NextToken } = await page({ UserPoolId: Id })
    const foreign = await page({ UserPoolId: Id, PasswordHashes: true, NextToken })
    expect(foreign['__type']).toBe('InvalidParameterException')
  })

  it('is for administrators', async () => {
    const { Id } = await makePool(server)
    const { json } = await server.raw('ExportUsers', { UserPoolId: Id })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
