import { CreateServiceLinkedRoleCommand, GetRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'sts:AssumeRole', Principal: { Service: 'y.amazonaws.com' } })

describe('UpdateAssumeRolePolicy', () => {
  const server = useTestServer()

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  const update = (document: string) =>
    iamClient(server).send(new UpdateAssumeRolePolicyCommand({ RoleName: 'holder', PolicyDocument: document }))

  it('replaces the trust policy; a role may trust itself', async () => {
    const arn = `arn:aws:iam::${server.accountId}:role/Holder`
    const document = `${policy({ Action: 'sts:AssumeRole', Principal: { AWS: arn } })}\n`
    await update(document)
    const { Role } = await iamClient(server).send(new GetRoleCommand({ RoleName: 'holder' }))
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument as string)).toBe(document)
  })

  it('MalformedPolicyDocument, and the policy is not changed', async () => {
    await update(PolicyDocument)
    const arn = `arn:aws:iam::${server.accountId}:role/nothing`
    for (const [document, message] of [
      ['', undefined],
      ['[]', 'Syntax errors in policy.'],
      [policy({ Action: 'iam:*' }), 'Missing required field Principal'],
      [policy({ Action: 'sts:AssumeRole', Principal: { AWS: arn } }), `Invalid principal in policy: "AWS":"${arn}"`],
      [
        policy({ Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: 'cognito-identity.amazonaws.com' } }),
        'A condition block must be present for the Cognito provider',
      ],
    ] as const)
      await expectRefusal(
        update(document),
        document === '' ? 'ValidationError' : 'MalformedPolicyDocumentException',
        message,
      )
    const { Role } = await iamClient(server).send(new GetRoleCommand({ RoleName: 'holder' }))
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument as string)).toBe(PolicyDocument)
  })

  it('LimitExceeded for more than 4096 characters', async () => {
    const long = JSON.stringify({ ...JSON.parse(PolicyDocument), Id: 'x'.repeat(4096) })
    await expectRefusal(update(long), 'LimitExceededException', 'Cannot exceed quota for ACLSizePerRole: 4096')
  })

  it('NoSuchEntity for an unknown role', async () => {
    const call = iamClient(server).send(new UpdateAssumeRolePolicyCommand({ RoleName: 'nobody', PolicyDocument }))
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('UnmodifiableEntity for a service-linked role', async () => {
    await iamClient(server).send(
      new CreateServiceLinkedRoleCommand({ AWSServiceName: 'email.cognito-idp.amazonaws.com' }),
    )
    const RoleName = 'AWSServiceRoleForAmazonCognitoIdpEmailService'
    const message = `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`
    const call = iamClient(server).send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }))
    await expectRefusal(call, 'UnmodifiableEntityException', message)
  })

  it('refuses callers without permission', async () => {
    const call = new UpdateAssumeRolePolicyCommand({ RoleName: 'holder', PolicyDocument })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:UpdateAssumeRolePolicy',
      `arn:aws:iam::${server.accountId}:role/Holder`,
    )
  })
})
