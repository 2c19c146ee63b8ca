import {
  CreateServiceLinkedRoleCommand,
  DeleteRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:ListUsers' })

describe('DeleteRolePolicy', () => {
  const server = useTestServer()

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  const remove = (PolicyName: string) =>
    iamClient(server).send(new DeleteRolePolicyCommand({ RoleName: 'holder', PolicyName }))

  it('removes a policy of any name, and no other', async () => {
    for (const PolicyName of ['stays', '__proto__'])
      await iamClient(server).send(new PutRolePolicyCommand({ RoleName: 'holder', PolicyName, PolicyDocument }))
    await remove('__proto__')
    const { PolicyNames } = await iamClient(server).send(new ListRolePoliciesCommand({ RoleName: 'holder' }))
    expect(PolicyNames).toEqual(['stays'])
  })

  it.each(['none', '__proto__', 'constructor'])('NoSuchEntity for the policy %s', async (PolicyName) => {
    const message = `The role policy with name ${PolicyName} cannot be found.`
    await expectRefusal(remove(PolicyName), 'NoSuchEntityException', message)
  })

  it('NoSuchEntity for a role that is not there', async () => {
    const call = iamClient(server).send(new DeleteRolePolicyCommand({ RoleName: 'nobody', PolicyName: 'p' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('UnmodifiableEntity for a role of a service', async () => {
    await iamClient(server).send(
      new CreateServiceLinkedRoleCommand({ AWSServiceName: 'email.cognito-idp.amazonaws.com' }),
    )
    const RoleName = 'AWSServiceRoleForAmazonCognitoIdpEmailService'
    const message = `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`
    const call = iamClient(server).send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'p' }))
    await expectRefusal(call, 'UnmodifiableEntityException', message)
  })

  it('refuses who may not', async () => {
    const call = new DeleteRolePolicyCommand({ RoleName: 'holder', PolicyName: 'p' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:DeleteRolePolicy',
      `arn:aws:iam::${server.accountId}:role/Holder`,
    )
  })
})
