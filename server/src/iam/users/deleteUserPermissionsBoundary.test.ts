import {
  CreatePolicyCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeleteUserPermissionsBoundaryCommand,
  GetUserCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

describe('DeleteUserPermissionsBoundary', () => {
  const server = useTestServer()
  const remove = (UserName: string) => iamClient(server).send(new DeleteUserPermissionsBoundaryCommand({ UserName }))

  it('takes the boundary away, whose policy can be deleted then; a second time changes nothing', async () => {
    const iam = iamClient(server)
    const PolicyDocument = policy({ Action: 'sts:*' })
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'bound', PolicyDocument }))
    const PermissionsBoundary = Policy?.Arn as string
    await iam.send(new CreateUserCommand({ UserName: 'Bounded', PermissionsBoundary }))
    await remove('bounded')
    await remove('bounded')
    const { User } = await iam.send(new GetUserCommand({ UserName: 'Bounded' }))
    expect(User).not.toHaveProperty('PermissionsBoundary')
    await iam.send(new DeletePolicyCommand({ PolicyArn: PermissionsBoundary }))
  })

  it('NoSuchEntity for a user who is not there', async () => {
    const message = 'The user with name nobody cannot be found.'
    await expectRefusal(remove('nobody'), 'NoSuchEntityException', message)
  })

  it('refuses who may not', async () => {
    const call = new DeleteUserPermissionsBoundaryCommand({ UserName: 'bounded' })
    const arn = `arn:aws:iam::${server.accountId}:user/Bounded`
    await expectDenied(server, (iam) => iam.send(call), 'iam:DeleteUserPermissionsBoundary', arn)
  })
})
