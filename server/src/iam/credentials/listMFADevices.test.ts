import { CreateUserCommand, ListMFADevicesCommand, type ListMFADevicesCommandInput } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser } from '../../../test/iam.ts'

describe('ListMFADevices', () => {
  const server = useTestServer()
  const list = (input: ListMFADevicesCommandInput = {}, iam = iamClient(server)) =>
    iam.send(new ListMFADevicesCommand(input))

  beforeAll(() => iamClient(server).send(new CreateUserCommand({ UserName: 'User' })))

  it('is empty for a user, for the caller and for the root', async () => {
    const self = iamClient(server, await makeIamUser(iamClient(server), 'self', { Action: 'iam:ListMFADevices' }))
    for (const answer of [await list({ UserName: 'user' }), await list(), await list({}, self)])
      expect([answer.MFADevices, answer.IsTruncated, answer.Marker]).toEqual([[], false, undefined])
  })

  it('NoSuchEntity for an unknown user, ValidationError for a marker', async () => {
    const message = 'The user with name nobody cannot be found.'
    await expectRefusal(list({ UserName: 'nobody' }), 'NoSuchEntityException', message)
    await expectRefusal(list({ UserName: 'user', Marker: 'x' }), 'ValidationError', 'Invalid Marker.')
  })

  it('refuses callers without permission', async () => {
    const arn = `arn:aws:iam::${server.accountId}:user/User`
    await expectDenied(server, (iam) => list({ UserName: 'user' }, iam), 'iam:ListMFADevices', arn)
    await expectDenied(server, (iam) => list({}, iam), 'iam:ListMFADevices', '$self')
  })
})
