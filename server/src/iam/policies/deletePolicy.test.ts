import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteUserPermissionsBoundaryCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  PutUserPermissionsBoundaryCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:GetUser' })
const aws = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

describe.each(engines)('DeletePolicy (%s)', (engine) => {
  const server = useTestServer({ engine })
  let PolicyArn: string

  beforeAll(async () => {
    const { Policy } = await iamClient(server).send(new CreatePolicyCommand({ PolicyName: 'Own', PolicyDocument }))
    PolicyArn = Policy?.Arn as string
  })

  const remove = (arn: string) => iamClient(server).send(new DeletePolicyCommand({ PolicyArn: arn }))

  it('DeleteConflict while it is attached, a boundary, or has more versions', async () => {
    const iam = iamClient(server)
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'used', PolicyDocument }))
    const arn = Policy?.Arn as string
    const user = { UserName: 'u' }
    await iam.send(new CreateUserCommand(user))
    await iam.send(new AttachUserPolicyCommand({ ...user, PolicyArn: arn }))
    await iam.send(new PutUserPermissionsBoundaryCommand({ ...user, PermissionsBoundary: arn }))
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument }))
    const attached = 'Cannot delete a policy attached to entities.'
    await expectRefusal(remove(arn), 'DeleteConflictException', attached)
    await iam.send(new DetachUserPolicyCommand({ ...user, PolicyArn: arn }))
    await expectRefusal(remove(arn), 'DeleteConflictException', attached)
    await iam.send(new DeleteUserPermissionsBoundaryCommand(user))
    await expectRefusal(remove(arn), 'DeleteConflictException', /^This policy has more than one version\./)
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: 'v2' }))
    await remove(arn)
    await expectRefusal(iam.send(new GetPolicyCommand({ PolicyArn: arn })), 'NoSuchEntityException')
    const again = await iam.send(new CreatePolicyCommand({ PolicyName: 'used', PolicyDocument }))
    expect(again.Policy?.PolicyId).not.toBe(Policy?.PolicyId)
  })

  it('NoSuchEntity for an unknown policy, ValidationError for a text that is not an ARN', async () => {
    const call = (arn: string) => iamClient(server).send(new DeletePolicyCommand({ PolicyArn: arn }))
    const account = `arn:aws:iam::${server.accountId}`
    for (const arn of [
      `${account}:policy/none`,
      `${account}:policy/own`,
      `${account}:policy/x/Own`,
      `${account}:role/Own`,
      'arn:aws:iam::999999999999:policy/Own',
      'arn:aws:iam::aws:policy/NoSuchAccess',
    ])
      await expectRefusal(call(arn), 'NoSuchEntityException', `Policy ${arn} was not found.`)
    await expectRefusal(call('longpolicynamebutnoarn'), 'ValidationError', 'Invalid ARN:  Could not be parsed!')
  })

  it('AccessDenied for an AWS managed policy', async () => {
    const call = iamClient(server).send(new DeletePolicyCommand({ PolicyArn: aws }))
    await expectRefusal(call, 'AccessDenied', `Policy ${aws} is outside your own account.`)
  })

  it('refuses callers without permission', async () => {
    const call = new DeletePolicyCommand({ PolicyArn })
    await expectDenied(server, (iam) => iam.send(call), 'iam:DeletePolicy', PolicyArn)
  })
})
