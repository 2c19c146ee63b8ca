import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateServiceLinkedRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole, policy } from '../../../test/iam.ts'

const trust = { Principal: { Service: 'x.amazonaws.com' } }

describe.each(engines)('AttachRolePolicy (%s)', (engine) => {
  const server = useTestServer({ engine })
  const attach = (RoleName: string, PolicyArn: string) =>
    iamClient(server).send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
  const makePolicy = async (PolicyName: string) => {
    const PolicyDocument = policy({ Action: 'iam:GetUser' })
    const { Policy } = await iamClient(server).send(new CreatePolicyCommand({ PolicyName, PolicyDocument }))
    return Policy?.Arn as string
  }
  const countOf = async (PolicyArn: string) =>
    (await iamClient(server).send(new GetPolicyCommand({ PolicyArn }))).Policy?.AttachmentCount
  const attachedTo = async (RoleName: string) =>
    (await iamClient(server).send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies?.map(
      ({ PolicyName }) => PolicyName,
    )

  it('attaches a policy once, however often and however many at a time', async () => {
    await makeRole(iamClient(server), 'Once', trust)
    const arn = await makePolicy('once')
    await attach('once', arn)
    await Promise.all(Array.from({ length: 4 }, () => attach('oNCE', arn)))
    expect(await attachedTo('once')).toEqual(['once'])
    expect(await countOf(arn)).toBe(1)
  })

  it('counts what many roles attach and detach at once', async () => {
    const arn = await makePolicy('many')
    const aws = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
    const names = Array.from({ length: 6 }, (_, index) => `many-${index}`)
    for (const name of names) await makeRole(iamClient(server), name, trust)
    await Promise.all(names.flatMap((name) => [attach(name, arn), attach(name, aws)]))
    expect([await countOf(arn), await countOf(aws)]).toEqual([6, 6])
    await Promise.all(
      names.map((RoleName) => iamClient(server).send(new DetachRolePolicyCommand({ RoleName, PolicyArn: arn }))),
    )
    expect([await countOf(arn), await countOf(aws)]).toEqual([0, 6])
    await iamClient(server).send(new DeletePolicyCommand({ PolicyArn: arn }))
  })

  it('LimitExceeded for more than 10 policies, for all but those of many that fit', async () => {
    await makeRole(iamClient(server), 'full', trust)
    const arns: string[] = []
    for (let index = 0; index < 12; index++) arns.push(await makePolicy(`full-${index}`))
    const outcomes = await Promise.allSettled(arns.map((arn) => attach('full', arn)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    const refused = outcomes.findIndex(({ status }) => status === 'rejected')
    const message = 'Cannot exceed quota for PoliciesPerRole: 10'
    await expectRefusal(attach('full', arns[refused] as string), 'LimitExceededException', message)
    // One that was refused does not count as attached.
    expect(await countOf(arns[refused] as string)).toBe(0)
  })

  it('either attaches a policy or deletes it, when both are tried at once', async () => {
    await makeRole(iamClient(server), 'torn', trust)
    for (let round = 0; round < 5; round++) {
      const arn = await makePolicy(`torn-${round}`)
      const [attached, deleted] = await Promise.allSettled([
        attach('torn', arn),
        iamClient(server).send(new DeletePolicyCommand({ PolicyArn: arn })),
      ])
      expect([attached.status, deleted.status].sort()).toEqual(['fulfilled', 'rejected'])
      if (attached.status === 'fulfilled')
        await iamClient(server).send(new DetachRolePolicyCommand({ RoleName: 'torn', PolicyArn: arn }))
      expect(await attachedTo('torn')).toEqual([])
    }
  })

  it('leaves nothing that keeps a policy from being deleted, when the role goes at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const RoleName = `going-${round}`
      const arn = await makePolicy(RoleName)
      await makeRole(iamClient(server), RoleName, trust)
      const [attached, deleted] = await Promise.allSettled([
        attach(RoleName, arn),
        iamClient(server).send(new DeleteRoleCommand({ RoleName })),
      ])
      expect([attached.status, deleted.status].sort()).toEqual(['fulfilled', 'rejected'])
      if (attached.status === 'fulfilled') {
        await iamClient(server).send(new DetachRolePolicyCommand({ RoleName, PolicyArn: arn }))
        await iamClient(server).send(new DeleteRoleCommand({ RoleName }))
      }
      const users = await iamClient(server).send(new ListEntitiesForPolicyCommand({ PolicyArn: arn }))
      expect(users.PolicyRoles).toEqual([])
      await iamClient(server).send(new DeletePolicyCommand({ PolicyArn: arn }))
    }
  })

  it('NoSuchEntity for a role or policy that is not there', async () => {
    await makeRole(iamClient(server), 'here', trust)
    const own = await makePolicy('Own')
    await expectRefusal(attach('none', own), 'NoSuchEntityException', 'The role with name none cannot be found.')
    const iam = `arn:aws:iam::${server.accountId}`
    for (const arn of [
      `${iam}:policy/none`,
      `${iam}:policy/own`,
      `${iam}:policy/path/Own`,
      `${iam}:role/here`,
      'arn:aws:iam::aws:policy/NoSuchAccess',
      'arn:aws:iam::aws:policy/Own',
      'arn:aws:iam::999999999999:policy/Own',
    ]) {
      const message = `Policy ${arn} does not exist or is not attachable.`
      await expectRefusal(attach('here', arn), 'NoSuchEntityException', message)
    }
  })
})

describe('AttachRolePolicy', () => {
  const server = useTestServer()
  const attach = (RoleName: string, PolicyArn: string) =>
    iamClient(server).send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
  const service = 'arn:aws:iam::aws:policy/aws-service-role/AmazonCognitoIdpEmailServiceRolePolicy'

  it('PolicyNotAttachable for the policy of a service, UnmodifiableEntity for its role, ValidationError for no ARN', async () => {
    await makeRole(iamClient(server), 'Holder', trust)
    const message = 'Cannot attach a Service Role Policy to a Customer Role.'
    await expectRefusal(attach('holder', service), 'PolicyNotAttachableException', message)
    const { Role } = await iamClient(server).send(
      new CreateServiceLinkedRoleCommand({ AWSServiceName: 'cognito-idp.amazonaws.com' }),
    )
    const protectedText = `Cannot perform the operation on the protected role '${Role?.RoleName}' - this role is only modifiable by AWS`
    const aws = 'arn:aws:iam::aws:policy/IAMFullAccess'
    await expectRefusal(attach(Role?.RoleName as string, aws), 'UnmodifiableEntityException', protectedText)
    const text = 'Invalid ARN:  Could not be parsed!'
    await expectRefusal(attach('holder', 'longpolicynamebutnoarn'), 'ValidationError', text)
  })

  it('refuses who may not', async () => {
    const call = new AttachRolePolicyCommand({ RoleName: 'holder', PolicyArn: service })
    const arn = `arn:aws:iam::${server.accountId}:role/Holder`
    await expectDenied(server, (iam) => iam.send(call), 'iam:AttachRolePolicy', arn)
  })
})
