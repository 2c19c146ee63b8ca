import { CreatePolicyCommand, ListPolicyTagsCommand, TagPolicyCommand, UntagPolicyCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:GetUser' })
const aws = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

describe('UntagPolicy', () => {
  const server = useTestServer()
  let PolicyArn: string

  beforeAll(async () => {
    const { Policy } = await iamClient(server).send(new CreatePolicyCommand({ PolicyName: 'Own', PolicyDocument }))
    PolicyArn = Policy?.Arn as string
  })

  it('removes tags whatever their case, and passes over what is not there', async () => {
    const Tags = ['Team', 'stays'].map((Key) => ({ Key, Value: 'v' }))
    await iamClient(server).send(new TagPolicyCommand({ PolicyArn, Tags }))
    await iamClient(server).send(new UntagPolicyCommand({ PolicyArn, TagKeys: ['tEAM', 'none'] }))
    const left = await iamClient(server).send(new ListPolicyTagsCommand({ PolicyArn }))
    expect(left.Tags).toEqual([{ Key: 'stays', Value: 'v' }])
  })

  it('NoSuchEntity for a policy that is not there, ValidationError for no ARN', async () => {
    const call = (arn: string) => iamClient(server).send(new UntagPolicyCommand({ PolicyArn: arn, TagKeys: ['k'] }))
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

  it('AccessDenied for a policy of AWS', async () => {
    const call = iamClient(server).send(new UntagPolicyCommand({ PolicyArn: aws, TagKeys: ['k'] }))
    await expectRefusal(call, 'AccessDenied', `Policy ${aws} is outside your own account.`)
  })

  it('refuses who may not', async () => {
    const call = new UntagPolicyCommand({ PolicyArn, TagKeys: ['k'] })
    await expectDenied(server, (iam) => iam.send(call), 'iam:UntagPolicy', PolicyArn)
  })
})
