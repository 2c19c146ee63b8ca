import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyVersionCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:GetUser' })
const aws = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

describe.each(engines)('DeletePolicyVersion (%s)', (engine) => {
  const server = useTestServer({ engine })
  let PolicyArn: string

  beforeAll(async () => {
    const { Policy } = await iamClient(server).send(new CreatePolicyCommand({ PolicyName: 'Own', PolicyDocument }))
    PolicyArn = Policy?.Arn as string
  })

  const remove = (VersionId: string) => iamClient(server).send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }))

  it('removes any version but the default one', async () => {
    const iam = iamClient(server)
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }))
    const message = 'Cannot delete the default version of a policy.'
    await expectRefusal(remove('v1'), 'DeleteConflictException', message)
    await remove('v2')
    const text = `Policy ${PolicyArn} version v2 does not exist or is not attachable.`
    await expectRefusal(remove('v2'), 'NoSuchEntityException', text)
    expect((await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))).PolicyVersion).toBeDefined()
  })

  it('never removes the default version in concurrent requests', async () => {
    const iam = iamClient(server)
    for (let round = 0; round < 5; round++) {
      const { PolicyVersion } = await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }))
      const VersionId = PolicyVersion?.VersionId as string
      const [chosen, removed] = await Promise.allSettled([
        iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId })),
        remove(VersionId),
      ])
      expect([chosen.status, removed.status].sort()).toEqual(['fulfilled', 'rejected'])
      await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))
      if (removed.status === 'rejected') await remove(VersionId)
    }
  })

  it('NoSuchEntity for an unknown policy, ValidationError for a text that is not an ARN', async () => {
    const call = (arn: string) =>
      iamClient(server).send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: 'v1' }))
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
    const call = iamClient(server).send(new DeletePolicyVersionCommand({ PolicyArn: aws, VersionId: 'v1' }))
    await expectRefusal(call, 'AccessDenied', `Policy ${aws} is outside your own account.`)
  })

  it('refuses callers without permission', async () => {
    const call = new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' })
    await expectDenied(server, (iam) => iam.send(call), 'iam:DeletePolicyVersion', PolicyArn)
  })
})
