import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  ListPoliciesCommand,
  type ListPoliciesCommandInput,
  type Policy,
  PutUserPermissionsBoundaryCommand,
  paginateListPolicies,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

describe.each(engines)('ListPolicies (%s)', (engine) => {
  const server = useTestServer({ engine })
  const list = (input: ListPoliciesCommandInput = {}) => iamClient(server).send(new ListPoliciesCommand(input))
  const names = ({ Policies = [] }: { Policies?: Policy[] | undefined }) =>
    Policies.map(({ PolicyName }) => PolicyName as string)
  const own = ['A', 'b', 'attached', 'bounding', 'deep']
  const inOrder = ['A', 'attached', 'b', 'bounding', 'deep']

  beforeAll(async () => {
    const iam = iamClient(server)
    const arns: Record<string, string> = {}
    for (const PolicyName of own) {
      const { Policy } = await iam.send(
        new CreatePolicyCommand({
          PolicyName,
          Path: PolicyName === 'deep' ? '/team/x/' : '/',
          PolicyDocument: policy({ Action: 'iam:GetUser' }),
          Description: 'not shown',
          Tags: [{ Key: 'not', Value: 'shown' }],
        }),
      )
      arns[PolicyName] = Policy?.Arn as string
    }
    const user = { UserName: 'u' }
    await iam.send(new CreateUserCommand(user))
    const aws = 'arn:aws:iam::aws:policy/IAMFullAccess'
    for (const PolicyArn of [arns['attached'] as string, aws])
      await iam.send(new AttachUserPolicyCommand({ ...user, PolicyArn }))
    const PermissionsBoundary = arns['bounding'] as string
    await iam.send(new PutUserPermissionsBoundaryCommand({ ...user, PermissionsBoundary }))
  })

  it("lists the account's own by path and name, without descriptions and tags", async () => {
    const answer = await list({ Scope: 'Local' })
    expect(names(answer)).toEqual(inOrder)
    expect(answer.Policies?.[1]).toEqual({
      PolicyName: 'attached',
      PolicyId: expect.any(String),
      Arn: `arn:aws:iam::${server.accountId}:policy/attached`,
      Path: '/',
      DefaultVersionId: 'v1',
      AttachmentCount: 1,
      PermissionsBoundaryUsageCount: 0,
      IsAttachable: true,
      CreateDate: expect.any(Date),
      UpdateDate: expect.any(Date),
    })
  })

  it("lists AWS's, and both in pages of any size", async () => {
    const aws = names(await list({ Scope: 'AWS' }))
    expect(aws).toEqual(
      expect.arrayContaining([
        'AdministratorAccess',
        'AmazonCognitoDeveloperAuthenticatedIdentities',
        'AmazonCognitoPowerUser',
        'AmazonCognitoReadOnly',
        'AmazonCognitoUnAuthedIdentitiesSessionPolicy',
        'IAMFullAccess',
        'ReadOnlyAccess',
      ]),
    )
    expect(names(await list())).toEqual([...aws, ...inOrder])
    for (const pageSize of [1, 4, aws.length, aws.length + 1]) {
      const seen: string[] = []
      for await (const page of paginateListPolicies({ client: iamClient(server), pageSize }, {})) {
        expect(names(page).length).toBeLessThanOrEqual(pageSize)
        seen.push(...names(page))
      }
      expect(seen).toEqual([...aws, ...inOrder])
    }
  })

  it('lists what is attached, a boundary, or below a path', async () => {
    expect(names(await list({ OnlyAttached: true }))).toEqual(['IAMFullAccess', 'attached', 'bounding'])
    expect(names(await list({ OnlyAttached: true, Scope: 'AWS' }))).toEqual(['IAMFullAccess'])
    expect(names(await list({ PolicyUsageFilter: 'PermissionsPolicy', Scope: 'Local' }))).toEqual(['attached'])
    expect(names(await list({ PolicyUsageFilter: 'PermissionsBoundary' }))).toEqual(['bounding'])
    expect(names(await list({ PathPrefix: '/team/' }))).toEqual(['deep'])
    expect(names(await list({ PathPrefix: '/aws-service-role/' }))).toEqual([
      'AmazonCognitoIdpEmailServiceRolePolicy',
      'AmazonCognitoIdpServiceRolePolicy',
    ])
  })

  it('ValidationError for a marker of another list', async () => {
    const { Marker } = await list({ MaxItems: 1 })
    await expectRefusal(list({ Marker, Scope: 'Local' }), 'ValidationError', 'Invalid Marker.')
    await expectRefusal(list({ Scope: 'Mine' as 'Local' }), 'ValidationError', /scope.*enum/)
  })

  it('refuses callers without permission', async () => {
    await expectDenied(server, (iam) => iam.send(new ListPoliciesCommand({})), 'iam:ListPolicies', '*')
  })
})
