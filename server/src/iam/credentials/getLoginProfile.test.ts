import { CreateUserCommand, GetLoginProfileCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser } from '../../../test/iam.ts'

describe('GetLoginProfile', () => {
  const server = useTestServer()
  const call = (UserName?: string, iam = iamClient(server)) => iam.send(new GetLoginProfileCommand({ UserName }))

  beforeAll(() => iamClient(server).send(new CreateUserCommand({ UserName: 'User' })))

  it('NoSuchEntity for every user, and for an unknown user', async () => {
    const refused = (who: Promise<unknown>, message: string) => expectRefusal(who, 'NoSuchEntityException', message)
    await refused(call('user'), 'Login Profile for User User cannot be found.')
    const self = iamClient(server, await makeIamUser(iamClient(server), 'self', { Action: 'iam:GetLoginProfile' }))
    await refused(call(undefined, self), 'Login Profile for User self cannot be found.')
    await refused(call('nobody'), 'The user with name nobody cannot be found.')
  })

  it('ValidationError without a name for the root', async () => {
    const message = 'Must specify userName when calling with non-User credentials'
    await expectRefusal(call(), 'ValidationError', message)
  })

  it('refuses callers without permission', async () => {
    const arn = `arn:aws:iam::${server.accountId}:user/User`
    await expectDenied(server, (iam) => call('user', iam), 'iam:GetLoginProfile', arn)
    await expectDenied(server, (iam) => call(undefined, iam), 'iam:GetLoginProfile', '$self')
  })
})
