import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  GetPolicyCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:GetUser' })
const aws = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

describe('SetDefaultPolicyVersion', () => {
  const server = useTestServer()
  let PolicyArn: string

  beforeAll(async () => {
    const { Policy } = await iamClient(server).send(new CreatePolicyCommand({ PolicyName: 'Own', PolicyDocument }))
    PolicyArn = Policy?.Arn as string
  })

  it('takes effect wherever the policy is attached', async () => {
    const iam = iamClient(server)
    const UserName = 'attached'
    await iam.send(new CreateUserCommand({ UserName }))
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
    const user = iamClient(server, {
      accessKeyId: AccessKey?.AccessKeyId as string,
      secretAccessKey: AccessKey?.SecretAccessKey as string,
    })
    const ask = () => user.send(new GetPolicyCommand({ PolicyArn }))
    await expectRefusal(ask(), 'AccessDenied', /iam:GetPolicy/)
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: policy({ Action: 'iam:GetPolicy' }) }))
    await expectRefusal(ask(), 'AccessDenied', /iam:GetPolicy/)
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }))
    expect((await ask()).Policy?.DefaultVersionId).toBe('v2')
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))
    await expectRefusal(ask(), 'AccessDenied', /iam:GetPolicy/)
  })

  it('NoSuchEntity for an unknown version', async () => {
    const call = iamClient(server).send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v9' }))
    const message = `Policy ${PolicyArn} version v9 does not exist or is not attachable.`
    await expectRefusal(call, 'NoSuchEntityException', message)
  })

  it('NoSuchEntity for an unknown policy, ValidationError for a text that is not an ARN', async () => {
    const call = (arn: string) =>
      iamClient(server).send(new SetDefaultPolicyVersionCommand({ PolicyArn: arn, VersionId: 'v1' }))
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
    const call = iamClient(server).send(new SetDefaultPolicyVersionCommand({ PolicyArn: aws, VersionId: 'v1' }))
    await expectRefusal(call, 'AccessDenied', `Policy ${aws} is outside your own account.`)
  })

  it('refuses callers without permission', async () => {
    const call = new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' })
    await expectDenied(server, (iam) => iam.send(call), 'iam:SetDefaultPolicyVersion', PolicyArn)
  })
})
