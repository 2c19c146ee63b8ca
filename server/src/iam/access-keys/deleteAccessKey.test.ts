import { CreateUserCommand, DeleteAccessKeyCommand, ListAccessKeysCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { type Credentials, iamClient, stsClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser } from '../../../test/iam.ts'

describe.each(engines)('DeleteAccessKey (%s)', (engine) => {
  const server = useTestServer({ engine })
  const remove = (AccessKeyId: string, UserName?: string, iam = iamClient(server)) =>
    iam.send(new DeleteAccessKeyCommand({ AccessKeyId, UserName }))
  const use = (credentials: Credentials) => stsClient(server, credentials).send(new GetCallerIdentityCommand({}))

  it('deletes a key at once', async () => {
    const key = await makeIamUser(iamClient(server), 'worker')
    await use(key)
    await remove(key.accessKeyId, 'Worker')
    await expectRefusal(use(key), 'InvalidClientTokenId', 'The security token included in the request is invalid.')
    const { AccessKeyMetadata } = await iamClient(server).send(new ListAccessKeysCommand({ UserName: 'worker' }))
    expect(AccessKeyMetadata).toEqual([])
    const message = `The Access Key with id ${key.accessKeyId} cannot be found.`
    await expectRefusal(remove(key.accessKeyId, 'worker'), 'NoSuchEntityException', message)
  })

  it('without a name deletes a key of the caller', async () => {
    const key = await makeIamUser(iamClient(server), 'self', { Action: 'iam:DeleteAccessKey' })
    await remove(key.accessKeyId, undefined, iamClient(server, key))
    await expectRefusal(use(key), 'InvalidClientTokenId')
  })

  it("NoSuchEntity for another user's key, and for an unknown user", async () => {
    const key = await makeIamUser(iamClient(server), 'one')
    await iamClient(server).send(new CreateUserCommand({ UserName: 'two' }))
    const message = `The Access Key with id ${key.accessKeyId} cannot be found.`
    await expectRefusal(remove(key.accessKeyId, 'two'), 'NoSuchEntityException', message)
    const nobody = 'The user with name nobody cannot be found.'
    await expectRefusal(remove(key.accessKeyId, 'nobody'), 'NoSuchEntityException', nobody)
    await use(key)
  })

  it("ValidationError for the root's key, which is part of the configuration", async () => {
    const message = 'Must specify userName when calling with non-User credentials'
    await expectRefusal(remove(server.credentials.accessKeyId), 'ValidationError', message)
  })

  it('refuses callers without permission', async () => {
    const { accessKeyId } = await makeIamUser(iamClient(server), 'kept')
    const arn = `arn:aws:iam::${server.accountId}:user/kept`
    await expectDenied(server, (iam) => remove(accessKeyId, 'kept', iam), 'iam:DeleteAccessKey', arn)
    await expectDenied(server, (iam) => remove(accessKeyId, undefined, iam), 'iam:DeleteAccessKey', '$self')
  })
})
