import { GetAccessKeyLastUsedCommand, GetUserCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { iamClient, stsClient } from '../../../test/aws-clients.ts'
import { expectRefusal, startTestServer, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser } from '../../../test/iam.ts'
import { postgresUrl } from '../../../test/postgres.ts'

describe('GetAccessKeyLastUsed', () => {
  const server = useTestServer()
  const ask = (AccessKeyId: string, iam = iamClient(server)) =>
    iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))

  it('shows the user of a key, and date, service and region of its last use', async () => {
    const key = await makeIamUser(iamClient(server), 'Worker')
    expect(await ask(key.accessKeyId)).toMatchObject({
      UserName: 'Worker',
      AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A' },
    })
    expect((await ask(key.accessKeyId)).AccessKeyLastUsed).not.toHaveProperty('LastUsedDate')
    await stsClient(server, key).send(new GetCallerIdentityCommand({}))
    const { AccessKeyLastUsed: first } = await ask(key.accessKeyId)
    expect(first).toEqual({ ServiceName: 'sts', Region: server.region, LastUsedDate: expect.any(Date) })
    server.clock.advance(5000)
    // Denied, but validly signed.
    await expectRefusal(iamClient(server, key).send(new GetUserCommand({ UserName: 'x' })), 'AccessDenied')
    const { AccessKeyLastUsed: second } = await ask(key.accessKeyId)
    expect(second?.ServiceName).toBe('iam')
    expect(Number(second?.LastUsedDate) - Number(first?.LastUsedDate)).toBeGreaterThanOrEqual(4000)
    const now = server.clock.now()
    expect(Math.abs(Number(second?.LastUsedDate) - now)).toBeLessThan(20_000)
  })

  it('is not changed by a request with a wrong signature', async () => {
    const key = await makeIamUser(iamClient(server), 'robbed')
    const thief = stsClient(server, { ...key, secretAccessKey: 'guess' })
    await expectRefusal(thief.send(new GetCallerIdentityCommand({})), 'SignatureDoesNotMatch')
    expect((await ask(key.accessKeyId)).AccessKeyLastUsed?.ServiceName).toBe('N/A')
  })

  it("shows the last use of the root's key", async () => {
    const answer = await ask(server.credentials.accessKeyId)
    expect(answer.AccessKeyLastUsed).toMatchObject({ ServiceName: 'iam', LastUsedDate: expect.any(Date) })
    expect(answer.UserName).toBeUndefined()
  })

  it('AccessDenied for an unknown key', async () => {
    const text = `User: arn:aws:iam::${server.accountId}:root is not authorized to perform iam:GetAccessKeyLastUsed`
    const message = `${text} on resource: access key AKIAIOSFODNN7EXAMPLE`
    await expectRefusal(ask('AKIAIOSFODNN7EXAMPLE'), 'AccessDenied', message)
  })

  it('refuses callers without permission', async () => {
    const { accessKeyId } = await makeIamUser(iamClient(server), 'kept')
    const arn = `arn:aws:iam::${server.accountId}:user/kept`
    await expectDenied(server, (iam) => ask(accessKeyId, iam), 'iam:GetAccessKeyLastUsed', arn)
  })

  it('survives a restart', async () => {
    const env = { DATABASE_URL: await postgresUrl(), COGNOMEN_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }
    const before = await startTestServer({ env })
    const key = await makeIamUser(iamClient(before), 'steady')
    await stsClient(before, key).send(new GetCallerIdentityCommand({}))
    await before.stop()
    const after = await startTestServer({ env })
    try {
      const call = new GetAccessKeyLastUsedCommand({ AccessKeyId: key.accessKeyId })
      const { AccessKeyLastUsed } = await iamClient(after).send(call)
      expect(AccessKeyLastUsed).toMatchObject({ ServiceName: 'sts', LastUsedDate: expect.any(Date) })
    } finally {
      await after.stop()
    }
  })
})
