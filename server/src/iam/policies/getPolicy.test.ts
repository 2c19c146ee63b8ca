import {
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  GetPolicyCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:GetUser' })
const aws = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

describe('GetPolicy', () => {
  const server = useTestServer()
  let PolicyArn: string

  beforeAll(async () => {
    const { Policy } = await iamClient(server).send(new CreatePolicyCommand({ PolicyName: 'Own', PolicyDocument }))
    PolicyArn = Policy?.Arn as string
  })

  const get = async (arn: string) => (await iamClient(server).send(new GetPolicyCommand({ PolicyArn: arn }))).Policy

  it('shows a policy with its description and tags', async () => {
    const all = { Description: 'of use', Tags: [{ Key: 'k', Value: 'v' }] }
    const { Policy } = await iamClient(server).send(
      new CreatePolicyCommand({ PolicyName: 'all', PolicyDocument, ...all }),
    )
    expect(await get(Policy?.Arn as string)).toEqual({ ...Policy, ...all })
    const own = await get(PolicyArn)
    expect(own).not.toHaveProperty('Description')
    expect(own?.Tags).toEqual([])
  })

  it('has the date of the newest version as UpdateDate, whatever is attached or the default', async () => {
    const before = await get(PolicyArn)
    server.clock.advance(60_000)
    const iam = iamClient(server)
    await iam.send(new CreateGroupCommand({ GroupName: 'g' }))
    await iam.send(new AttachGroupPolicyCommand({ GroupName: 'g', PolicyArn }))
    expect(await get(PolicyArn)).toEqual({ ...before, AttachmentCount: 1 })
    const { PolicyVersion } = await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }))
    const updated = await get(PolicyArn)
    expect(updated).toEqual({ ...before, AttachmentCount: 1, UpdateDate: PolicyVersion?.CreateDate })
    server.clock.advance(60_000)
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }))
    expect(await get(PolicyArn)).toEqual({ ...updated, DefaultVersionId: 'v2' })
  })

  it('shows an AWS managed policy', async () => {
    expect(await get(aws)).toMatchObject({
      PolicyName: 'ReadOnlyAccess',
      Arn: aws,
      Path: '/',
      AttachmentCount: 0,
      IsAttachable: true,
      Description: expect.any(String),
      PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/),
    })
  })

  it('NoSuchEntity for an unknown policy, ValidationError for a text that is not an ARN', async () => {
    const call = (arn: string) => iamClient(server).send(new GetPolicyCommand({ PolicyArn: arn }))
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

  it('refuses callers without permission', async () => {
    const call = new GetPolicyCommand({ PolicyArn })
    await expectDenied(server, (iam) => iam.send(call), 'iam:GetPolicy', PolicyArn)
  })
})
