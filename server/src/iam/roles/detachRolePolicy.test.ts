import {
  AttachRolePolicyCommand,
  CreateServiceLinkedRoleCommand,
  DetachRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole } from '../../../test/iam.ts'

const PolicyArn = 'arn:aws:iam::aws:policy/IAMFullAccess'

describe('DetachRolePolicy', () => {
  const server = useTestServer()

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  const detach = (arn: string) =>
    iamClient(server).send(new DetachRolePolicyCommand({ RoleName: 'holder', PolicyArn: arn }))

  it('detaches a policy', async () => {
    await iamClient(server).send(new AttachRolePolicyCommand({ RoleName: 'holder', PolicyArn }))
    await detach(PolicyArn)
    const { AttachedPolicies } = await iamClient(server).send(
      new ListAttachedRolePoliciesCommand({ RoleName: 'holder' }),
    )
    expect(AttachedPolicies).toEqual([])
  })

  it('NoSuchEntity for a policy that is not attached, ValidationError for no ARN', async () => {
    for (const arn of [PolicyArn, `arn:aws:iam::${server.accountId}:policy/none`])
      await expectRefusal(detach(arn), 'NoSuchEntityException', `Policy ${arn} was not found.`)
    const text = 'Invalid ARN:  Could not be parsed!'
    await expectRefusal(detach('longpolicynamebutnoarn'), 'ValidationError', text)
  })

  it('NoSuchEntity for a role that is not there', async () => {
    const call = iamClient(server).send(new DetachRolePolicyCommand({ RoleName: 'nobody', PolicyArn }))
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('UnmodifiableEntity for a role of a service', async () => {
    await iamClient(server).send(
      new CreateServiceLinkedRoleCommand({ AWSServiceName: 'email.cognito-idp.amazonaws.com' }),
    )
    const RoleName = 'AWSServiceRoleForAmazonCognitoIdpEmailService'
    const message = `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`
    const call = iamClient(server).send(new DetachRolePolicyCommand({ RoleName, PolicyArn }))
    await expectRefusal(call, 'UnmodifiableEntityException', message)
  })

  it('refuses who may not', async () => {
    const call = new DetachRolePolicyCommand({ RoleName: 'holder', PolicyArn })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:DetachRolePolicy',
      `arn:aws:iam::${server.accountId}:role/Holder`,
    )
  })
})
