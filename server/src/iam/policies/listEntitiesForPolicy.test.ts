import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  ListEntitiesForPolicyCommand,
  type ListEntitiesForPolicyCommandInput,
  PutRolePermissionsBoundaryCommand,
  paginateListEntitiesForPolicy,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole, policy } from '../../../test/iam.ts'

const aws = 'arn:aws:iam::aws:policy/IAMFullAccess'

describe.each(engines)('ListEntitiesForPolicy (%s)', (engine) => {
  const server = useTestServer({ engine })
  let own: string
  const list = async (input: Partial<ListEntitiesForPolicyCommandInput> = {}) => {
    const answer = await iamClient(server).send(new ListEntitiesForPolicyCommand({ PolicyArn: own, ...input }))
    return {
      users: answer.PolicyUsers?.map(({ UserName }) => UserName),
      groups: answer.PolicyGroups?.map(({ GroupName }) => GroupName),
      roles: answer.PolicyRoles?.map(({ RoleName }) => RoleName),
      answer,
    }
  }

  beforeAll(async () => {
    const iam = iamClient(server)
    const PolicyDocument = policy({ Action: 'iam:GetUser' })
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'own', PolicyDocument }))
    own = Policy?.Arn as string
    await iam.send(new CreateUserCommand({ UserName: 'U', Path: '/deep/' }))
    await iam.send(new CreateGroupCommand({ GroupName: 'G' }))
    for (const name of ['both', 'bounded', 'attached'])
      await makeRole(iam, name, { Principal: { Service: 'x.amazonaws.com' } })
    for (const PolicyArn of [own, aws]) {
      await iam.send(new AttachUserPolicyCommand({ UserName: 'U', PolicyArn }))
      await iam.send(new AttachGroupPolicyCommand({ GroupName: 'G', PolicyArn }))
      for (const RoleName of ['attached', 'both']) await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
    }
    for (const RoleName of ['bounded', 'both'])
      await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: own }))
  })

  it('lists each entity once, with its id', async () => {
    const { users, groups, roles, answer } = await list()
    expect({ users, groups, roles }).toEqual({ users: ['U'], groups: ['G'], roles: ['attached', 'both', 'bounded'] })
    expect(answer.PolicyRoles?.[0]?.RoleId).toMatch(/^AROA/)
    expect(answer.PolicyUsers?.[0]?.UserId).toMatch(/^AIDA/)
    expect(answer.PolicyGroups?.[0]?.GroupId).toMatch(/^AGPA/)
    expect(answer.IsTruncated).toBe(false)
    expect(await list({ PolicyArn: aws })).toMatchObject({ users: ['U'], groups: ['G'], roles: ['attached', 'both'] })
  })

  it('lists by kind, use and path', async () => {
    expect(await list({ EntityFilter: 'Role' })).toMatchObject({
      users: [],
      groups: [],
      roles: ['attached', 'both', 'bounded'],
    })
    expect(await list({ EntityFilter: 'User' })).toMatchObject({ users: ['U'], groups: [], roles: [] })
    expect(await list({ EntityFilter: 'LocalManagedPolicy' })).toMatchObject({ users: [], groups: [], roles: [] })
    const uses = { PolicyUsageFilter: 'PermissionsBoundary' } as const
    expect(await list(uses)).toMatchObject({ users: [], groups: [], roles: ['both', 'bounded'] })
    expect(await list({ PolicyUsageFilter: 'PermissionsPolicy', EntityFilter: 'Role' })).toMatchObject({
      roles: ['attached', 'both'],
    })
    expect(await list({ PathPrefix: '/deep/' })).toMatchObject({ users: ['U'], groups: [], roles: [] })
  })

  it('pages over all kinds', async () => {
    const seen: (string | undefined)[] = []
    for await (const page of paginateListEntitiesForPolicy(
      { client: iamClient(server), pageSize: 1 },
      { PolicyArn: own },
    ))
      seen.push(
        ...(page.PolicyGroups ?? []).map(({ GroupName }) => GroupName),
        ...(page.PolicyRoles ?? []).map(({ RoleName }) => RoleName),
        ...(page.PolicyUsers ?? []).map(({ UserName }) => UserName),
      )
    expect(seen).toEqual(['G', 'attached', 'both', 'bounded', 'U'])
    const { answer } = await list({ MaxItems: 1 })
    const other = list({ PolicyArn: aws, Marker: answer.Marker })
    await expectRefusal(other, 'ValidationError', 'Invalid Marker.')
  })

  it('NoSuchEntity for an unknown policy', async () => {
    const arn = `arn:aws:iam::${server.accountId}:policy/none`
    await expectRefusal(list({ PolicyArn: arn }), 'NoSuchEntityException', `Policy ${arn} was not found.`)
  })

  it('refuses callers without permission', async () => {
    const call = new ListEntitiesForPolicyCommand({ PolicyArn: own })
    await expectDenied(server, (iam) => iam.send(call), 'iam:ListEntitiesForPolicy', own)
  })
})
