import {
  CreatePolicyCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  GetPolicyCommand,
  GetUserCommand,
  ListUsersCommand,
  PutUserPermissionsBoundaryCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser, policy } from '../../../test/iam.ts'

describe.each(engines)('PutUserPermissionsBoundary (%s)', (engine) => {
  const server = useTestServer({ engine })
  const put = (UserName: string, PermissionsBoundary: string) =>
    iamClient(server).send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary }))
  const makePolicy = async (PolicyName: string, Action: string) =>
    (await iamClient(server).send(new CreatePolicyCommand({ PolicyName, PolicyDocument: policy({ Action }) }))).Policy
      ?.Arn as string

  it('bounds what the user may do at once, and counts as a use of the policy', async () => {
    const iam = iamClient(server)
    const user = iamClient(server, await makeIamUser(iam, 'Bounded', { Action: 'iam:*' }))
    await user.send(new ListUsersCommand({}))
    const first = await makePolicy('first', 'iam:GetUser')
    const second = await makePolicy('second', 'iam:ListUsers')
    await put('BOUNDED', first)
    await expectRefusal(user.send(new ListUsersCommand({})), 'AccessDenied', /no permissions boundary allows/)
    const { User } = await iam.send(new GetUserCommand({ UserName: 'Bounded' }))
    expect(User?.PermissionsBoundary).toEqual({ PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: first })
    const used = async (PolicyArn: string) =>
      (await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.PermissionsBoundaryUsageCount
    expect(await used(first)).toBe(1)
    await expectRefusal(iam.send(new DeletePolicyCommand({ PolicyArn: first })), 'DeleteConflictException')
    await put('Bounded', second)
    await put('Bounded', second)
    expect([await used(first), await used(second)]).toEqual([0, 1])
    await user.send(new ListUsersCommand({}))
    await iam.send(new DeletePolicyCommand({ PolicyArn: first }))
  })

  it('NoSuchEntity for a user or policy that is not there', async () => {
    await iamClient(server).send(new CreateUserCommand({ UserName: 'free' }))
    const arn = `arn:aws:iam::${server.accountId}:policy/none`
    const message = `Policy ${arn} does not exist or is not attachable.`
    await expectRefusal(put('free', arn), 'NoSuchEntityException', message)
    const nobody = 'The user with name nobody cannot be found.'
    await expectRefusal(put('nobody', 'arn:aws:iam::aws:policy/IAMFullAccess'), 'NoSuchEntityException', nobody)
  })

  it('refuses who may not', async () => {
    const PermissionsBoundary = 'arn:aws:iam::aws:policy/IAMFullAccess'
    const call = new PutUserPermissionsBoundaryCommand({ UserName: 'free', PermissionsBoundary })
    const arn = `arn:aws:iam::${server.accountId}:user/free`
    await expectDenied(server, (iam) => iam.send(call), 'iam:PutUserPermissionsBoundary', arn)
  })
})
