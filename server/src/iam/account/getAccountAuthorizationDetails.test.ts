import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  type EntityType,
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsCommandOutput,
  PutGroupPolicyCommand,
  PutUserPermissionsBoundaryCommand,
  paginateGetAccountAuthorizationDetails,
  TagRoleCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser, makeRole, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:GetUser' })
const aws = 'arn:aws:iam::aws:policy/IAMFullAccess'

describe.each(engines)('GetAccountAuthorizationDetails (%s)', (engine) => {
  const server = useTestServer({ engine })
  const details = (input: { Filter?: EntityType[]; MaxItems?: number; Marker?: string | undefined } = {}) =>
    iamClient(server).send(new GetAccountAuthorizationDetailsCommand(input))
  const names = (page: Partial<GetAccountAuthorizationDetailsCommandOutput>) => [
    ...(page.UserDetailList ?? []).map(({ UserName }) => UserName),
    ...(page.GroupDetailList ?? []).map(({ GroupName }) => GroupName),
    ...(page.RoleDetailList ?? []).map(({ RoleName }) => RoleName),
    ...(page.Policies ?? []).map(({ PolicyName }) => PolicyName),
  ]
  let own: string

  beforeAll(async () => {
    const iam = iamClient(server)
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'own', PolicyDocument }))
    own = Policy?.Arn as string
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn: own, PolicyDocument, SetAsDefault: true }))
    await makeIamUser(iam, 'u1', { Action: 'sts:*' })
    await makeIamUser(iam, 'u2')
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'u2', PermissionsBoundary: own }))
    await iam.send(new CreateGroupCommand({ GroupName: 'g' }))
    await iam.send(new PutGroupPolicyCommand({ GroupName: 'g', PolicyName: 'p', PolicyDocument }))
    await iam.send(new AddUserToGroupCommand({ GroupName: 'g', UserName: 'u1' }))
    await makeRole(iam, 'r', { Principal: { Service: 'x.amazonaws.com' } })
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: aws }))
    await iam.send(new TagRoleCommand({ RoleName: 'r', Tags: [{ Key: 'k', Value: 'v' }] }))
  })

  it('shows all entities and policies', async () => {
    const all = await details()
    expect(all.IsTruncated).toBe(false)
    expect(all.UserDetailList).toEqual([
      expect.objectContaining({
        UserName: 'u1',
        UserPolicyList: [
          {
            PolicyName: 'inline',
            PolicyDocument: encodeURIComponent(policy({ Action: 'sts:*' })).replaceAll('*', '%2A'),
          },
        ],
        GroupList: ['g'],
        AttachedManagedPolicies: [],
        Tags: [],
      }),
      expect.objectContaining({
        UserName: 'u2',
        GroupList: [],
        PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: own },
      }),
    ])
    expect(all.GroupDetailList).toEqual([
      expect.objectContaining({
        GroupName: 'g',
        Arn: `arn:aws:iam::${server.accountId}:group/g`,
        GroupPolicyList: [expect.objectContaining({ PolicyName: 'p' })],
      }),
    ])
    expect(all.RoleDetailList).toEqual([
      expect.objectContaining({
        RoleName: 'r',
        AttachedManagedPolicies: [{ PolicyName: 'IAMFullAccess', PolicyArn: aws }],
        InstanceProfileList: [],
        RoleLastUsed: {},
        Tags: [{ Key: 'k', Value: 'v' }],
      }),
    ])
    expect(all.Policies).toEqual([
      expect.objectContaining({
        PolicyName: 'own',
        DefaultVersionId: 'v2',
        PermissionsBoundaryUsageCount: 1,
        PolicyVersionList: [
          expect.objectContaining({ VersionId: 'v2', IsDefaultVersion: true, Document: expect.any(String) }),
          expect.objectContaining({ VersionId: 'v1', IsDefaultVersion: false }),
        ],
      }),
      expect.objectContaining({ PolicyName: 'IAMFullAccess', Arn: aws, AttachmentCount: 1 }),
    ])
  })

  it('shows the kinds in the filter', async () => {
    expect(names(await details({ Filter: ['Role', 'AWSManagedPolicy'] }))).toEqual(['r', 'IAMFullAccess'])
    expect(names(await details({ Filter: ['LocalManagedPolicy'] }))).toEqual(['own'])
    expect(names(await details({ Filter: ['Group', 'User', 'Group'] }))).toEqual(['u1', 'u2', 'g'])
  })

  it.each([1, 2, 3, 6])('pages of %i go through all kinds', async (pageSize) => {
    const seen: (string | undefined)[] = []
    for await (const page of paginateGetAccountAuthorizationDetails({ client: iamClient(server), pageSize }, {})) {
      expect(names(page).length).toBeLessThanOrEqual(pageSize)
      seen.push(...names(page))
    }
    expect(seen).toEqual(['u1', 'u2', 'g', 'r', 'own', 'IAMFullAccess'])
  })

  it('ValidationError for a marker of another list', async () => {
    const { Marker } = await details({ MaxItems: 1 })
    const call = details({ Filter: ['User'], Marker })
    await expectRefusal(call, 'ValidationError', 'Invalid Marker.')
  })

  it('refuses callers without permission', async () => {
    const call = new GetAccountAuthorizationDetailsCommand({})
    await expectDenied(server, (iam) => iam.send(call), 'iam:GetAccountAuthorizationDetails', '*')
  })
})
