import { AttachRolePolicyCommand, CreatePolicyCommand, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole, policy } from '../../../test/iam.ts'

const PolicyArn = 'arn:aws:iam::aws:policy/IAMFullAccess'

describe('ListAttachedRolePolicies', () => {
  const server = useTestServer()

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  it('lists policies by ARN, in pages and below a path', async () => {
    const list = (input: { PathPrefix?: string; MaxItems?: number; Marker?: string | undefined } = {}) =>
      iamClient(server).send(new ListAttachedRolePoliciesCommand({ RoleName: 'holder', ...input }))
    expect(await list()).toMatchObject({ AttachedPolicies: [], IsTruncated: false })
    const { Policy } = await iamClient(server).send(
      new CreatePolicyCommand({ PolicyName: 'own', Path: '/team/', PolicyDocument: policy({ Action: 'iam:*' }) }),
    )
    const own = { PolicyName: 'own', PolicyArn: Policy?.Arn as string }
    for (const arn of [PolicyArn, own.PolicyArn])
      await iamClient(server).send(new AttachRolePolicyCommand({ RoleName: 'holder', PolicyArn: arn }))
    const aws = { PolicyName: 'IAMFullAccess', PolicyArn }
    expect((await list()).AttachedPolicies).toEqual([own, aws])
    expect((await list({ PathPrefix: '/team/' })).AttachedPolicies).toEqual([own])
    const first = await list({ MaxItems: 1 })
    expect(first).toMatchObject({ AttachedPolicies: [own], IsTruncated: true })
    expect(await list({ Marker: first.Marker })).toMatchObject({ AttachedPolicies: [aws], IsTruncated: false })
    await expectRefusal(list({ Marker: first.Marker, PathPrefix: '/x/' }), 'ValidationError', 'Invalid Marker.')
  })

  it('NoSuchEntity for a role that is not there', async () => {
    const call = iamClient(server).send(new ListAttachedRolePoliciesCommand({ RoleName: 'nobody' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new ListAttachedRolePoliciesCommand({ RoleName: 'holder' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:ListAttachedRolePolicies',
      `arn:aws:iam::${server.accountId}:role/Holder`,
    )
  })
})
