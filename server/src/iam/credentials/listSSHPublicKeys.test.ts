import { CreateUserCommand, ListSSHPublicKeysCommand, type ListSSHPublicKeysCommandInput } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser } from '../../../test/iam.ts'

describe('ListSSHPublicKeys', () => {
  const server = useTestServer()
  const list = (input: ListSSHPublicKeysCommandInput = {}, iam = iamClient(server)) =>
    iam.send(new ListSSHPublicKeysCommand(input))

  beforeAll(() => iamClient(server).send(new CreateUserCommand({ UserName: 'User' })))

  it('is empty for a user, for the caller and for the root', async () => {
    const self = iamClient(server, await makeIamUser(iamClient(server), 'self', { Action: 'iam:ListSSHPublicKeys' }))
    for (const answer of [await list({ UserName: 'user' }), await list(), await list({}, self)])
      expect([answer.SSHPublicKeys, answer.IsTruncated, answer.Marker]).toEqual([[], false, undefined])
  })

  it('NoSuchEntity for an unknown user, ValidationError for a marker', async () => {
    const message = 'The user with name nobody cannot be found.'
    await expectRefusal(list({ UserName: 'nobody' }), 'NoSuchEntityException', message)
    await expectRefusal(list({ UserName: 'user', Marker: 'x' }), 'ValidationError', 'Invalid Marker.')
  })

  it('refuses callers without permission', async () => {
    const arn = `arn:aws:iam::${server.accountId}:user/User`
    await expectDenied(server, (iam) => list({ UserName: 'user' }, iam), 'iam:ListSSHPublicKeys', arn)
    await expectDenied(server, (iam) => list({}, iam), 'iam:ListSSHPublicKeys', '$self')
  })
})
