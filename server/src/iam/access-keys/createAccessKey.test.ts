import { CreateAccessKeyCommand, CreateUserCommand, ListAccessKeysCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { iamClient, stsClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, startTestServer, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser } from '../../../test/iam.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { openDatabase } from '../../database/open.ts'

describe.each(engines)('CreateAccessKey (%s)', (engine) => {
  const server = useTestServer({ engine })
  const create = (UserName?: string) => iamClient(server).send(new CreateAccessKeyCommand({ UserName }))
  const makeUser = (UserName: string) => iamClient(server).send(new CreateUserCommand({ UserName }))

  it('creates a key that can sign', async () => {
    await makeUser('Signer')
    const { AccessKey } = await create('signer')
    expect(AccessKey).toEqual({
      UserName: 'Signer',
      AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
      Status: 'Active',
      CreateDate: expect.any(Date),
    })
    const credentials = {
      accessKeyId: AccessKey?.AccessKeyId as string,
      secretAccessKey: AccessKey?.SecretAccessKey as string,
    }
    expect(await stsClient(server, credentials).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: `arn:aws:iam::${server.accountId}:user/Signer`,
    })
    const wrong = stsClient(server, { ...credentials, secretAccessKey: 'x' })
    await expectRefusal(wrong.send(new GetCallerIdentityCommand({})), 'SignatureDoesNotMatch')
  })

  it('without a name creates a key for the caller', async () => {
    const self = iamClient(server, await makeIamUser(iamClient(server), 'self', { Action: 'iam:CreateAccessKey' }))
    expect((await self.send(new CreateAccessKeyCommand({}))).AccessKey?.UserName).toBe('self')
  })

  it('LimitExceeded for a third key, also in concurrent requests', async () => {
    await makeUser('rich')
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => create('rich')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    const message = 'Cannot exceed quota for AccessKeysPerUser: 2'
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ name: 'LimitExceededException', message })
    const { AccessKeyMetadata } = await iamClient(server).send(new ListAccessKeysCommand({ UserName: 'rich' }))
    expect(AccessKeyMetadata).toHaveLength(2)
    await expectRefusal(create('rich'), 'LimitExceededException', message)
  })

  it('NoSuchEntity for an unknown user, ValidationError for the root itself', async () => {
    await expectRefusal(create('nobody'), 'NoSuchEntityException', 'The user with name nobody cannot be found.')
    const message = 'Must specify userName when calling with non-User credentials'
    await expectRefusal(create(), 'ValidationError', message)
  })

  it('refuses callers without permission', async () => {
    await makeUser('victim')
    const call = (UserName?: string) => (iam: ReturnType<typeof iamClient>) =>
      iam.send(new CreateAccessKeyCommand({ UserName }))
    const arn = `arn:aws:iam::${server.accountId}:user/victim`
    await expectDenied(server, call('victim'), 'iam:CreateAccessKey', arn)
    await expectDenied(server, call(), 'iam:CreateAccessKey', '$self')
  })
})

describe('the secret of an access key', () => {
  it('is not in the database, nor in the log', async () => {
    const url = await postgresUrl()
    const lines: string[] = []
    const server = await startTestServer({
      env: { DATABASE_URL: url, LOG_LEVEL: 'trace' },
      logTo: { write: (line) => lines.push(line) },
    })
    const database = await openDatabase({ engine: 'postgres', url, connections: 1 }, () => {})
    try {
      const { accessKeyId, secretAccessKey } = await makeIamUser(iamClient(server), 'secretive')
      const rows = JSON.stringify(await database.db.selectFrom('iam_access_keys').selectAll().execute())
      expect(rows).toContain(accessKeyId)
      expect(rows + lines.join('')).not.toContain(secretAccessKey)
    } finally {
      await database.close()
      await server.stop()
    }
  })
})
