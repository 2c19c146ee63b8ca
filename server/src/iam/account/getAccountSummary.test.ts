import {
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteUserCommand,
  GetAccountSummaryCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole, policy } from '../../../test/iam.ts'

describe.each(engines)('GetAccountSummary (%s)', (engine) => {
  const server = useTestServer({ engine })
  const summary = async () => (await iamClient(server).send(new GetAccountSummaryCommand({}))).SummaryMap

  it('shows counts', async () => {
    const iam = iamClient(server)
    const empty = { Users: 0, Groups: 0, Roles: 0, Policies: 0, PolicyVersionsInUse: 0, Providers: 0 }
    expect(await summary()).toMatchObject(empty)
    await Promise.all(['a', 'b', 'c'].map((UserName) => iam.send(new CreateUserCommand({ UserName }))))
    await iam.send(new DeleteUserCommand({ UserName: 'b' }))
    await iam.send(new CreateGroupCommand({ GroupName: 'g' }))
    await makeRole(iam, 'r', { Principal: { Service: 'x.amazonaws.com' } })
    const PolicyDocument = policy({ Action: 'iam:GetUser' })
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument }))
    const PolicyArn = Policy?.Arn as string
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }))
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }))
    const counted = { Users: 2, Groups: 1, Roles: 1, Policies: 1, PolicyVersionsInUse: 3 }
    expect(await summary()).toMatchObject(counted)
    for (const VersionId of ['v2', 'v3']) await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }))
    expect(await summary()).toMatchObject({ ...counted, PolicyVersionsInUse: 1 })
    await iam.send(new DeletePolicyCommand({ PolicyArn }))
    expect(await summary()).toMatchObject({ ...counted, Policies: 0, PolicyVersionsInUse: 0 })
  })

  it('shows quotas', async () => {
    expect(await summary()).toMatchObject({
      UsersQuota: 5000,
      GroupsQuota: 300,
      RolesQuota: 1000,
      PoliciesQuota: 1500,
      VersionsPerPolicyQuota: 5,
      AttachedPoliciesPerRoleQuota: 10,
      AccessKeysPerUserQuota: 2,
      PolicySizeQuota: 6144,
    })
  })

  it('refuses callers without permission', async () => {
    const call = new GetAccountSummaryCommand({})
    await expectDenied(server, (iam) => iam.send(call), 'iam:GetAccountSummary', '*')
  })
})
