import {
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  ListAttachedGroupPoliciesCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

describe('ListAttachedGroupPolicies', () => {
  const server = useTestServer()

  beforeAll(() => iamClient(server).send(new CreateGroupCommand({ GroupName: 'Holder' })))

  const list = (page: { MaxItems?: number; Marker?: string | undefined; PathPrefix?: string } = {}) =>
    iamClient(server).send(new ListAttachedGroupPoliciesCommand({ GroupName: 'holder', ...page }))

  it('lists policies in the order of their ARNs, in pages, below a path', async () => {
    const iam = iamClient(server)
    expect(await list()).toMatchObject({ AttachedPolicies: [], IsTruncated: false })
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'own', Path: '/p/', PolicyDocument: policy({ Action: 'sts:*' }) }),
    )
    const own = { PolicyName: 'own', PolicyArn: Policy?.Arn as string }
    const builtIn = { PolicyName: 'IAMFullAccess', PolicyArn: 'arn:aws:iam::aws:policy/IAMFullAccess' }
    for (const { PolicyArn } of [builtIn, own])
      await iam.send(new AttachGroupPolicyCommand({ GroupName: 'holder', PolicyArn }))
    const first = await list({ MaxItems: 1 })
    expect(first).toMatchObject({ AttachedPolicies: [own], IsTruncated: true })
    expect(await list({ Marker: first.Marker })).toMatchObject({ AttachedPolicies: [builtIn], IsTruncated: false })
    expect((await list({ PathPrefix: '/p/' })).AttachedPolicies).toEqual([own])
  })

  it('NoSuchEntity for a group that is not there', async () => {
    const call = iamClient(server).send(new ListAttachedGroupPoliciesCommand({ GroupName: 'nobody' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The group with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new ListAttachedGroupPoliciesCommand({ GroupName: 'holder' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:ListAttachedGroupPolicies',
      `arn:aws:iam::${server.accountId}:group/Holder`,
    )
  })
})
