import { CreateUserCommand, ListAccessKeysCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { type Credentials, iamClient, stsClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, startTestServer, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser } from '../../../test/iam.ts'
import { postgresUrl } from '../../../test/postgres.ts'

type Status = 'Active' | 'Inactive' | 'Expired'

describe.each(engines)('UpdateAccessKey (%s)', (engine) => {
  const server = useTestServer({ engine })
  const update = (AccessKeyId: string, Status: Status, UserName?: string, iam = iamClient(server)) =>
    iam.send(new UpdateAccessKeyCommand({ AccessKeyId, Status, UserName }))
  const use = (credentials: Credentials) => stsClient(server, credentials).send(new GetCallerIdentityCommand({}))

  it('disables a key at once, and enables it again', async () => {
    const key = await makeIamUser(iamClient(server), 'worker')
    await use(key)
    await update(key.accessKeyId, 'Inactive', 'Worker')
    await expectRefusal(use(key), 'InvalidClientTokenId', 'The security token included in the request is invalid.')
    const { AccessKeyMetadata } = await iamClient(server).send(new ListAccessKeysCommand({ UserName: 'worker' }))
    expect(AccessKeyMetadata).toMatchObject([{ AccessKeyId: key.accessKeyId, Status: 'Inactive' }])
    await update(key.accessKeyId, 'Active', 'worker')
    await use(key)
  })

  it('without a name changes a key of the caller, even the signing one', async () => {
    const key = await makeIamUser(iamClient(server), 'self', { Action: 'iam:UpdateAccessKey' })
    await update(key.accessKeyId, 'Inactive', undefined, iamClient(server, key))
    await expectRefusal(use(key), 'InvalidClientTokenId')
  })

  it("NoSuchEntity for an unknown key, or another user's", async () => {
    const key = await makeIamUser(iamClient(server), 'one')
    await iamClient(server).send(new CreateUserCommand({ UserName: 'two' }))
    const message = `The Access Key with id ${key.accessKeyId} cannot be found.`
    await expectRefusal(update(key.accessKeyId, 'Inactive', 'two'), 'NoSuchEntityException', message)
    await use(key)
    const none = 'The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found.'
    await expectRefusal(update('AKIAIOSFODNN7EXAMPLE', 'Inactive', 'two'), 'NoSuchEntityException', none)
    const nobody = 'The user with name nobody cannot be found.'
    await expectRefusal(update(key.accessKeyId, 'Inactive', 'nobody'), 'NoSuchEntityException', nobody)
  })

  it('ValidationError for the status Expired, and for the root itself', async () => {
    const id = server.credentials.accessKeyId
    const message = 'The status of an access key is Active or Inactive.'
    await expectRefusal(update(id, 'Expired', 'one'), 'ValidationError', message)
    const nameless = 'Must specify userName when calling with non-User credentials'
    await expectRefusal(update(id, 'Inactive'), 'ValidationError', nameless)
  })

  it('refuses callers without permission', async () => {
    const { accessKeyId } = await makeIamUser(iamClient(server), 'kept')
    const arn = `arn:aws:iam::${server.accountId}:user/kept`
    const call = (UserName?: string) => (iam: ReturnType<typeof iamClient>) =>
      update(accessKeyId, 'Inactive', UserName, iam)
    await expectDenied(server, call('kept'), 'iam:UpdateAccessKey', arn)
    await expectDenied(server, call(), 'iam:UpdateAccessKey', '$self')
  })
})

describe('a key that another process made inactive', () => {
  it('is refused after a second', async () => {
    const env = { DATABASE_URL: await postgresUrl(), COGNOMEN_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }
    const [here, there] = await Promise.all([startTestServer({ env }), startTestServer({ env })])
    try {
      const key = await makeIamUser(iamClient(here), 'roamer')
      const use = () => stsClient(there, key).send(new GetCallerIdentityCommand({}))
      await use()
      await iamClient(here).send(
        new UpdateAccessKeyCommand({ UserName: 'roamer', AccessKeyId: key.accessKeyId, Status: 'Inactive' }),
      )
      there.clock.advance(1001)
      await expectRefusal(use(), 'InvalidClientTokenId')
    } finally {
      await Promise.all([here.stop(), there.stop()])
    }
  })
})
