import { CreateUserCommand, ListUserPoliciesCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:ListUsers' })

describe('ListUserPolicies', () => {
  const server = useTestServer()

  beforeAll(() => iamClient(server).send(new CreateUserCommand({ UserName: 'Holder' })))

  const list = (page: { MaxItems?: number; Marker?: string | undefined } = {}) =>
    iamClient(server).send(new ListUserPoliciesCommand({ UserName: 'holder', ...page }))

  it('lists names in their order, in pages', async () => {
    expect(await list()).toMatchObject({ PolicyNames: [], IsTruncated: false })
    for (const PolicyName of ['b', 'a', 'c'])
      await iamClient(server).send(new PutUserPolicyCommand({ UserName: 'holder', PolicyName, PolicyDocument }))
    const first = await list({ MaxItems: 2 })
    expect(first).toMatchObject({ PolicyNames: ['a', 'b'], IsTruncated: true, Marker: expect.any(String) })
    expect(await list({ Marker: first.Marker })).toMatchObject({ PolicyNames: ['c'], IsTruncated: false })
    await expectRefusal(list({ Marker: 'x' }), 'ValidationError', 'Invalid Marker.')
  })

  it('NoSuchEntity for a user that is not there', async () => {
    const call = iamClient(server).send(new ListUserPoliciesCommand({ UserName: 'nobody' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The user with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new ListUserPoliciesCommand({ UserName: 'holder' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:ListUserPolicies',
      `arn:aws:iam::${server.accountId}:user/Holder`,
    )
  })
})
