import { CreatePolicyCommand, ListPolicyTagsCommand, TagPolicyCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:GetUser' })
const aws = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

describe('ListPolicyTags', () => {
  const server = useTestServer()
  let PolicyArn: string

  beforeAll(async () => {
    const { Policy } = await iamClient(server).send(new CreatePolicyCommand({ PolicyName: 'Own', PolicyDocument }))
    PolicyArn = Policy?.Arn as string
  })

  it('lists tags by key, in pages; those of AWS have none', async () => {
    const list = (page: { MaxItems?: number; Marker?: string | undefined } = {}, arn = PolicyArn) =>
      iamClient(server).send(new ListPolicyTagsCommand({ PolicyArn: arn, ...page }))
    const Tags = ['b', 'a', 'c'].map((Key) => ({ Key, Value: 'v' }))
    await iamClient(server).send(new TagPolicyCommand({ PolicyArn, Tags }))
    const first = await list({ MaxItems: 2 })
    expect(first).toMatchObject({ Tags: [Tags[1], Tags[0]], IsTruncated: true })
    expect(await list({ Marker: first.Marker })).toMatchObject({ Tags: [Tags[2]], IsTruncated: false })
    expect(await list({}, aws)).toMatchObject({ Tags: [], IsTruncated: false })
  })

  it('NoSuchEntity for a policy that is not there, ValidationError for no ARN', async () => {
    const call = (arn: string) => iamClient(server).send(new ListPolicyTagsCommand({ PolicyArn: arn }))
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

  it('refuses who may not', async () => {
    const call = new ListPolicyTagsCommand({ PolicyArn })
    await expectDenied(server, (iam) => iam.send(call), 'iam:ListPolicyTags', PolicyArn)
  })
})
