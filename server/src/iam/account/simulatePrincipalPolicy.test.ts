import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  type PolicyIdentifier,
  PutGroupPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
  TagUserCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser, makeRole, policy } from '../../../test/iam.ts'

describe.each(engines)('SimulatePrincipalPolicy (%s)', (engine) => {
  const server = useTestServer({ engine })
  const arnOf = (entity: string) => `arn:aws:iam::${server.accountId}:${entity}`
  const simulate = async (entity: string, action: string, input: Partial<SimulatePrincipalPolicyCommandInput> = {}) => {
    const { EvaluationResults } = await iamClient(server).send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn: arnOf(entity), ActionNames: [action], ...input }),
    )
    return EvaluationResults?.[0]
  }
  const sources = async (...call: Parameters<typeof simulate>) =>
    (await simulate(...call))?.MatchedStatements?.map((statement) => [
      statement.SourcePolicyId,
      statement.SourcePolicyType,
    ])

  beforeAll(async () => {
    const iam = iamClient(server)
    await makeIamUser(
      iam,
      'ann',
      { Action: 'sts:*' },
      { Action: 'iam:GetUser', Resource: `arn:aws:iam::${server.accountId}:user/\${aws:username}` },
      { Action: 'iam:GetRole', Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } } },
    )
    await iam.send(new TagUserCommand({ UserName: 'ann', Tags: [{ Key: 'Team', Value: 'red' }] }))
    await iam.send(new CreateGroupCommand({ GroupName: 'g' }))
    await iam.send(new AddUserToGroupCommand({ GroupName: 'g', UserName: 'ann' }))
    await iam.send(
      new PutGroupPolicyCommand({
        GroupName: 'g',
        PolicyName: 'inGroup',
        PolicyDocument: policy({ Action: 'cognito-sync:*' }),
      }),
    )
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonCognitoReadOnly'
    await iam.send(new AttachGroupPolicyCommand({ GroupName: 'g', PolicyArn }))
    await makeRole(iam, 'r', { Principal: { Service: 'x.amazonaws.com' } }, { Action: 'iam:*' })
    const PolicyDocument = policy({ Action: ['iam:Get*', 'cognito-idp:*'] })
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'own', PolicyDocument }))
    const own = Policy?.Arn as string
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: own }))
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'r', PermissionsBoundary: own }))
  })

  it('evaluates the policies of a user and its groups, and names their sources', async () => {
    expect(await sources('user/ann', 'sts:AssumeRole')).toEqual([['user_ann_inline', 'IAM Policy']])
    expect(await sources('user/ann', 'cognito-sync:UpdateRecords')).toEqual([['group_g_inGroup', 'IAM Policy']])
    expect(await sources('user/ann', 'cognito-idp:GetGroup')).toEqual([['AmazonCognitoReadOnly', 'IAM Policy']])
    expect(await simulate('user/ann', 'cognito-idp:DeleteGroup')).toMatchObject({ EvalDecision: 'implicitDeny' })
  })

  it('evaluates the policies of a group alone', async () => {
    expect(await simulate('group/g', 'cognito-idp:GetGroup')).toMatchObject({ EvalDecision: 'allowed' })
    expect(await simulate('group/g', 'sts:AssumeRole')).toMatchObject({ EvalDecision: 'implicitDeny' })
  })

  it('evaluates the policies and the boundary of a role', async () => {
    expect(await sources('role/r', 'iam:GetRole')).toEqual([
      ['role_r_inline', 'IAM Policy'],
      ['own', 'IAM Policy'],
      ['own', 'IAM Policy'],
    ])
    expect(await simulate('role/r', 'iam:DeleteRole')).toMatchObject({
      EvalDecision: 'implicitDeny',
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
    })
    const PermissionsBoundaryPolicyInputList = [policy({ Action: 'iam:Delete*' })]
    expect(await simulate('role/r', 'iam:DeleteRole', { PermissionsBoundaryPolicyInputList })).toMatchObject({
      EvalDecision: 'allowed',
    })
  })

  it('has the name and tags of a user as context keys, unless the request replaces them', async () => {
    const ResourceArns = [arnOf('user/ann')]
    expect(await simulate('user/ann', 'iam:GetUser', { ResourceArns })).toMatchObject({ EvalDecision: 'allowed' })
    expect(await simulate('user/ann', 'iam:GetRole')).toMatchObject({ EvalDecision: 'allowed' })
    const ContextEntries = [{ ContextKeyName: 'aws:principaltag/TEAM', ContextKeyValues: ['blue'] }]
    expect(await simulate('user/ann', 'iam:GetRole', { ContextEntries })).toMatchObject({
      EvalDecision: 'implicitDeny',
    })
  })

  it('adds the policies of the request', async () => {
    const PolicyInputList = [policy({ Effect: 'Deny', Action: 'sts:*' })]
    expect(await sources('user/ann', 'sts:AssumeRole', { PolicyInputList })).toEqual([
      ['PolicyInputList.1', 'IAM Policy'],
    ])
  })

  it('leaves out excluded policies', async () => {
    const without = async (entity: string, action: string, PolicyExclusionList: PolicyIdentifier[]) =>
      (await simulate(entity, action, { PolicyExclusionList }))?.EvalDecision
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonCognitoReadOnly'
    for (const exclusion of [{ PolicyArn }, { PolicyType: 'aws-managed' }] as const)
      expect(await without('user/ann', 'cognito-idp:GetGroup', [exclusion])).toBe('implicitDeny')
    expect(await without('user/ann', 'cognito-idp:GetGroup', [{ PolicyType: 'user-managed' }])).toBe('allowed')
    const inline = { PolicyName: 'inline', AttachmentType: 'user', AttachmentName: 'Ann' } as const
    for (const exclusion of [{ InlinePolicyIdentifier: inline }, { PolicyType: 'inline' }] as const) {
      expect(await without('user/ann', 'sts:AssumeRole', [exclusion])).toBe('implicitDeny')
      expect(await without('user/ann', 'cognito-idp:GetGroup', [exclusion])).toBe('allowed')
    }
    const ofGroup = { ...inline, AttachmentType: 'group' } as const
    expect(await without('user/ann', 'sts:AssumeRole', [{ InlinePolicyIdentifier: ofGroup }])).toBe('allowed')
    expect(await without('role/r', 'iam:DeleteRole', [{ PolicyType: 'permission-boundary' }])).toBe('allowed')
    expect(await without('role/r', 'cognito-idp:GetGroup', [{ PolicyType: 'permission-boundary' }])).toBe('allowed')
    const own = { PolicyArn: arnOf('policy/own') }
    expect(await without('role/r', 'iam:DeleteRole', [own])).toBe('allowed')
    expect(await without('role/r', 'cognito-idp:GetGroup', [own])).toBe('implicitDeny')
  })

  it('NoSuchEntity for an unknown principal, InvalidInput for one that is not a user, group or role', async () => {
    for (const [entity, kind] of [
      ['user/none', 'user'],
      ['role/none', 'role'],
      ['group/none', 'group'],
    ] as const) {
      const message = `The ${kind} with name none cannot be found.`
      await expectRefusal(simulate(entity, 'iam:GetUser'), 'NoSuchEntityException', message)
    }
    for (const PolicySourceArn of [
      arnOf('policy/own'),
      arnOf('root-of-all-evil'),
      'arn:aws:iam::999999999999:user/ann',
      'arn:aws:sts::111122223333:assumed-role/r/s',
    ]) {
      const message = `Invalid Entity Arn: ${PolicySourceArn} does not clearly define entity type and name.`
      await expectRefusal(simulate('', 'iam:GetUser', { PolicySourceArn }), 'InvalidInputException', message)
    }
  })

  it('refuses callers without permission', async () => {
    const call = new SimulatePrincipalPolicyCommand({ PolicySourceArn: arnOf('user/ann'), ActionNames: ['iam:A'] })
    await expectDenied(server, (iam) => iam.send(call), 'iam:SimulatePrincipalPolicy', arnOf('user/ann'))
  })
})
