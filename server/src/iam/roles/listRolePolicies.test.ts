import { ListRolePoliciesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:ListUsers' })

describe('ListRolePolicies', () => {
  const server = useTestServer()

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  const list = (page: { MaxItems?: number; Marker?: string | undefined } = {}, RoleName = 'holder') =>
    iamClient(server).send(new ListRolePoliciesCommand({ RoleName, ...page }))

  it('lists names in their order, in pages', async () => {
    expect(await list()).toMatchObject({ PolicyNames: [], IsTruncated: false })
    for (const PolicyName of ['b', 'a', 'c'])
      await iamClient(server).send(new PutRolePolicyCommand({ RoleName: 'holder', PolicyName, PolicyDocument }))
    const first = await list({ MaxItems: 2 })
    expect(first).toMatchObject({ PolicyNames: ['a', 'b'], IsTruncated: true, Marker: expect.any(String) })
    expect(await list({ Marker: first.Marker })).toMatchObject({ PolicyNames: ['c'], IsTruncated: false })
    await makeRole(iamClient(server), 'other', { Principal: { Service: 'x.amazonaws.com' } })
    await expectRefusal(list({ Marker: first.Marker }, 'other'), 'ValidationError', 'Invalid Marker.')
  })

  it('NoSuchEntity for a role that is not there', async () => {
    const call = iamClient(server).send(new ListRolePoliciesCommand({ RoleName: 'nobody' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new ListRolePoliciesCommand({ RoleName: 'holder' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:ListRolePolicies',
      `arn:aws:iam::${server.accountId}:role/Holder`,
    )
  })
})
