import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  ListAttachedUserPoliciesCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

describe('ListAttachedUserPolicies', () => {
  const server = useTestServer()

  beforeAll(() => iamClient(server).send(new CreateUserCommand({ UserName: 'Holder' })))

  const list = (page: { MaxItems?: number; Marker?: string | undefined; PathPrefix?: string } = {}) =>
    iamClient(server).send(new ListAttachedUserPoliciesCommand({ UserName: 'holder', ...page }))

  it('lists policies in the order of their ARNs, in pages, below a path', async () => {
    const iam = iamClient(server)
    expect(await list()).toMatchObject({ AttachedPolicies: [], IsTruncated: false })
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'own', Path: '/p/', PolicyDocument: policy({ Action: 'sts:*' }) }),
    )
    const own = { PolicyName: 'own', PolicyArn: Policy?.Arn as string }
    const builtIn = { PolicyName: 'IAMFullAccess', PolicyArn: 'arn:aws:iam::aws:policy/IAMFullAccess' }
    for (const { PolicyArn } of [builtIn, own])
      await iam.send(new AttachUserPolicyCommand({ UserName: 'holder', PolicyArn }))
    const first = await list({ MaxItems: 1 })
    expect(first).toMatchObject({ AttachedPolicies: [own], IsTruncated: true })
    expect(await list({ Marker: first.Marker })).toMatchObject({ AttachedPolicies: [builtIn], IsTruncated: false })
    expect((await list({ PathPrefix: '/p/' })).AttachedPolicies).toEqual([own])
  })

  it('NoSuchEntity for a user that is not there', async () => {
    const call = iamClient(server).send(new ListAttachedUserPoliciesCommand({ UserName: 'nobody' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The user with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new ListAttachedUserPoliciesCommand({ UserName: 'holder' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:ListAttachedUserPolicies',
      `arn:aws:iam::${server.accountId}:user/Holder`,
    )
  })
})
