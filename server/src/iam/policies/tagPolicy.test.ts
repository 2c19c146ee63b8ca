import { CreatePolicyCommand, ListPolicyTagsCommand, TagPolicyCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:GetUser' })
const aws = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

describe('TagPolicy', () => {
  const server = useTestServer()
  let PolicyArn: string

  beforeAll(async () => {
    const { Policy } = await iamClient(server).send(new CreatePolicyCommand({ PolicyName: 'Own', PolicyDocument }))
    PolicyArn = Policy?.Arn as string
  })

  const tag = (...keys: string[]) =>
    iamClient(server).send(new TagPolicyCommand({ PolicyArn, Tags: keys.map((Key) => ({ Key, Value: 'v' })) }))

  it('adds tags, and replaces those of a key in another case', async () => {
    await tag('Team', '__proto__')
    await tag('tEAM')
    const { Tags } = await iamClient(server).send(new ListPolicyTagsCommand({ PolicyArn }))
    expect(Tags?.map(({ Key }) => Key)).toEqual(['__proto__', 'tEAM'])
  })

  it('InvalidInput for keys that come twice, LimitExceeded for more than 50', async () => {
    const twice = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'
    await expectRefusal(tag('a', 'A'), 'InvalidInputException', twice)
    const many = tag(...Array.from({ length: 49 }, (_, index) => `x${index}`))
    await expectRefusal(many, 'LimitExceededException', 'The number of tags has reached the maximum limit.')
  })

  it('NoSuchEntity for a policy that is not there, ValidationError for no ARN', async () => {
    const call = (arn: string) =>
      iamClient(server).send(new TagPolicyCommand({ PolicyArn: arn, Tags: [{ Key: 'k', Value: 'v' }] }))
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
    const call = iamClient(server).send(new TagPolicyCommand({ PolicyArn: aws, Tags: [{ Key: 'k', Value: 'v' }] }))
    await expectRefusal(call, 'AccessDenied', `Policy ${aws} is outside your own account.`)
  })

  it('refuses who may not', async () => {
    const call = new TagPolicyCommand({ PolicyArn, Tags: [{ Key: 'k', Value: 'v' }] })
    await expectDenied(server, (iam) => iam.send(call), 'iam:TagPolicy', PolicyArn)
  })
})
