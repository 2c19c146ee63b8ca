import {
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  DeleteRoleCommand,
  GetPolicyCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole } from '../../../test/iam.ts'

const service = 'email.cognito-idp.amazonaws.com'
const RoleName = 'AWSServiceRoleForAmazonCognitoIdpEmailService'
const PolicyArn = 'arn:aws:iam::aws:policy/aws-service-role/AmazonCognitoIdpEmailServiceRolePolicy'

describe.each(engines)('CreateServiceLinkedRole (%s)', (engine) => {
  const server = useTestServer({ engine })
  const create = (AWSServiceName: string, input: { CustomSuffix?: string; Description?: string } = {}) =>
    iamClient(server).send(new CreateServiceLinkedRoleCommand({ AWSServiceName, ...input }))

  it("creates a service's role with its policy, once", async () => {
    const iam = iamClient(server)
    const outcomes = await Promise.allSettled([create(service), create(service), create(service)])
    const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.Role] : []))
    expect(made).toEqual([
      {
        Path: `/aws-service-role/${service}/`,
        RoleName,
        RoleId: expect.stringMatching(/^AROA/),
        Arn: `arn:aws:iam::${server.accountId}:role/aws-service-role/${service}/${RoleName}`,
        CreateDate: expect.any(Date),
        AssumeRolePolicyDocument: expect.any(String),
      },
    ])
    expect(JSON.parse(decodeURIComponent(made[0]?.AssumeRolePolicyDocument as string))).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    })
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))
    expect(AttachedPolicies?.map((policy) => policy.PolicyArn)).toEqual([PolicyArn])
    expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.AttachmentCount).toBe(1)
    const taken = `Service role name ${RoleName} has been taken in this account, please try a different suffix.`
    await expectRefusal(create(service), 'InvalidInputException', taken)
  })

  it('keeps the description', async () => {
    await create('cognito-idp.amazonaws.com', { Description: 'of use' })
    const { Role } = await iamClient(server).send(new GetRoleCommand({ RoleName: 'AWSServiceRoleForAmazonCognitoIdp' }))
    expect(Role).toMatchObject({ Description: 'of use', MaxSessionDuration: 3600 })
  })
})

describe('CreateServiceLinkedRole', () => {
  const server = useTestServer()
  const create = (AWSServiceName: string, CustomSuffix?: string) =>
    iamClient(server).send(new CreateServiceLinkedRoleCommand({ AWSServiceName, CustomSuffix }))

  it('InvalidInput for a suffix, a service without such a role, and a name that another role has', async () => {
    const suffix = `Custom suffix is not allowed for ${service}`
    await expectRefusal(create(service, 'x'), 'InvalidInputException', suffix)
    for (const name of ['autoscaling.amazonaws.com', 'constructor']) {
      const unknown = `The service ${name} has no service-linked role here.`
      await expectRefusal(create(name), 'InvalidInputException', unknown)
    }
    await makeRole(iamClient(server), RoleName.toLowerCase(), { Principal: { Service: 'x.amazonaws.com' } })
    const taken = `Service role name ${RoleName} has been taken in this account, please try a different suffix.`
    await expectRefusal(create(service), 'InvalidInputException', taken)
    await iamClient(server).send(new DeleteRoleCommand({ RoleName }))
    await create(service)
    const trust =
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}'
    const again = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust })
    await expectRefusal(iamClient(server).send(again), 'EntityAlreadyExistsException')
  })

  it('refuses callers without permission, checked on the role to be created', async () => {
    const call = new CreateServiceLinkedRoleCommand({ AWSServiceName: service })
    const arn = `arn:aws:iam::${server.accountId}:role/aws-service-role/${service}/${RoleName}`
    await expectDenied(server, (iam) => iam.send(call), 'iam:CreateServiceLinkedRole', arn)
  })
})
