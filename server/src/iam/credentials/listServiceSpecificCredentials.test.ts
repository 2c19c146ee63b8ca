import {
  CreateUserCommand,
  ListServiceSpecificCredentialsCommand,
  type ListServiceSpecificCredentialsCommandInput,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser } from '../../../test/iam.ts'

describe('ListServiceSpecificCredentials', () => {
  const server = useTestServer()
  const list = (input: ListServiceSpecificCredentialsCommandInput = {}, iam = iamClient(server)) =>
    iam.send(new ListServiceSpecificCredentialsCommand(input))

  beforeAll(() => iamClient(server).send(new CreateUserCommand({ UserName: 'User' })))

  it('is empty for a user, for the caller and for the root', async () => {
    const self = iamClient(
      server,
      await makeIamUser(iamClient(server), 'self', { Action: 'iam:ListServiceSpecificCredentials' }),
    )
    for (const answer of [await list({ UserName: 'user' }), await list(), await list({}, self)])
      expect([answer.ServiceSpecificCredentials, answer.IsTruncated, answer.Marker]).toEqual([[], false, undefined])
    expect((await list({ AllUsers: true })).ServiceSpecificCredentials).toEqual([])
  })

  it('NoSuchEntity for an unknown user, ValidationError for a marker', async () => {
    const message = 'The user with name nobody cannot be found.'
    await expectRefusal(list({ UserName: 'nobody' }), 'NoSuchEntityException', message)
    await expectRefusal(list({ UserName: 'user', Marker: 'x' }), 'ValidationError', 'Invalid Marker.')
  })

  it('refuses callers without permission', async () => {
    const arn = `arn:aws:iam::${server.accountId}:user/User`
    await expectDenied(server, (iam) => list({ UserName: 'user' }, iam), 'iam:ListServiceSpecificCredentials', arn)
    await expectDenied(server, (iam) => list({}, iam), 'iam:ListServiceSpecificCredentials', '$self')
  })
})
