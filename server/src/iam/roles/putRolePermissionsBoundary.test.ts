import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  GetPolicyCommand,
  GetRoleCommand,
  PutRolePermissionsBoundaryCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser, makeRole, policy } from '../../../test/iam.ts'

describe.each(engines)('PutRolePermissionsBoundary (%s)', (engine) => {
  const server = useTestServer({ engine })

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  const aws = 'arn:aws:iam::aws:policy/IAMFullAccess'
  const put = (PermissionsBoundary: string) =>
    iamClient(server).send(new PutRolePermissionsBoundaryCommand({ RoleName: 'holder', PermissionsBoundary }))
  const usage = async (PolicyArn: string) =>
    (await iamClient(server).send(new GetPolicyCommand({ PolicyArn }))).Policy?.PermissionsBoundaryUsageCount

  it('sets the boundary, once however often, in place of another', async () => {
    const { Policy } = await iamClient(server).send(
      new CreatePolicyCommand({ PolicyName: 'bound', PolicyDocument: policy({ Action: 'iam:*' }) }),
    )
    const own = Policy?.Arn as string
    await put(own)
    await put(own)
    expect([await usage(own), await usage(aws)]).toEqual([1, 0])
    await put(aws)
    expect([await usage(own), await usage(aws)]).toEqual([0, 1])
    const { Role } = await iamClient(server).send(new GetRoleCommand({ RoleName: 'holder' }))
    expect(Role?.PermissionsBoundary).toEqual({
      PermissionsBoundaryType: 'Policy',
      PermissionsBoundaryArn: aws,
    })
  })

  it('NoSuchEntity for a policy that is not there, ValidationError for no ARN', async () => {
    const arn = `arn:aws:iam::${server.accountId}:policy/none`
    await expectRefusal(put(arn), 'NoSuchEntityException', `Policy ${arn} does not exist or is not attachable.`)
    await expectRefusal(put('x'.repeat(20)), 'ValidationError', 'Invalid ARN:  Could not be parsed!')
  })

  it('PolicyNotAttachable for a policy of a service', async () => {
    const arn = 'arn:aws:iam::aws:policy/aws-service-role/AmazonCognitoIdpEmailServiceRolePolicy'
    const message = 'Cannot attach a Service Role Policy to a Customer Role.'
    await expectRefusal(put(arn), 'PolicyNotAttachableException', message)
  })

  it('NoSuchEntity for a role that is not there', async () => {
    const call = iamClient(server).send(
      new PutRolePermissionsBoundaryCommand({
        RoleName: 'nobody',
        PermissionsBoundary: 'arn:aws:iam::aws:policy/IAMFullAccess',
      }),
    )
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('UnmodifiableEntity for a role of a service', async () => {
    await iamClient(server).send(
      new CreateServiceLinkedRoleCommand({ AWSServiceName: 'email.cognito-idp.amazonaws.com' }),
    )
    const RoleName = 'AWSServiceRoleForAmazonCognitoIdpEmailService'
    const message = `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`
    const call = iamClient(server).send(
      new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: 'arn:aws:iam::aws:policy/IAMFullAccess' }),
    )
    await expectRefusal(call, 'UnmodifiableEntityException', message)
  })

  it('refuses who may not', async () => {
    const call = new PutRolePermissionsBoundaryCommand({
      RoleName: 'holder',
      PermissionsBoundary: 'arn:aws:iam::aws:policy/IAMFullAccess',
    })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:PutRolePermissionsBoundary',
      `arn:aws:iam::${server.accountId}:role/Holder`,
    )
  })

  it('is what a delegated administrator of roles can be held to', async () => {
    const iam = iamClient(server)
    const trust = { Principal: { Service: 'x.amazonaws.com' } }
    const admin = iamClient(
      server,
      await makeIamUser(
        iam,
        'delegate',
        {
          Action: ['iam:CreateRole', 'iam:AttachRolePolicy', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary'],
          Condition: { StringEquals: { 'iam:PermissionsBoundary': aws } },
        },
        { Effect: 'Deny', Action: 'iam:DeleteRolePermissionsBoundary' },
      ),
    )
    const attach = (RoleName: string) => admin.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: aws }))
    const create = (RoleName: string, PermissionsBoundary?: string) =>
      admin.send(
        new CreateRoleCommand({
          RoleName,
          AssumeRolePolicyDocument: policy({ Action: 'sts:AssumeRole', ...trust }),
          PermissionsBoundary,
        }),
      )
    await create('within', aws)
    await attach('within')
    const other = 'arn:aws:iam::aws:policy/AdministratorAccess'
    await expectRefusal(create('without'), 'AccessDenied', /iam:CreateRole/)
    await expectRefusal(create('wider', other), 'AccessDenied', /iam:CreateRole/)
    await makeRole(iam, 'unbound', trust)
    await expectRefusal(attach('unbound'), 'AccessDenied', /iam:AttachRolePolicy/)
    const widen = admin.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'within', PermissionsBoundary: other }))
    await expectRefusal(widen, 'AccessDenied', /iam:PutRolePermissionsBoundary/)
  })
})
