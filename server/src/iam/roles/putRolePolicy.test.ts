import {
  CreateServiceLinkedRoleCommand,
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:ListUsers' })

describe.each(engines)('PutRolePolicy (%s)', (engine) => {
  const server = useTestServer({ engine })

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  const put = (PolicyName: string, document = PolicyDocument) =>
    iamClient(server).send(new PutRolePolicyCommand({ RoleName: 'holder', PolicyName, PolicyDocument: document }))

  it('adds policies of any name, and replaces the one of a name', async () => {
    for (const name of ['one', '__proto__', 'constructor', 'hasOwnProperty']) await put(name)
    const other = policy({ Action: 'iam:GetUser' })
    await put('one', other)
    const { PolicyNames } = await iamClient(server).send(new ListRolePoliciesCommand({ RoleName: 'holder' }))
    expect(PolicyNames).toEqual(['__proto__', 'constructor', 'hasOwnProperty', 'one'])
    const get = (PolicyName: string) =>
      iamClient(server).send(new GetRolePolicyCommand({ RoleName: 'holder', PolicyName }))
    expect(decodeURIComponent((await get('one')).PolicyDocument as string)).toBe(other)
    expect(decodeURIComponent((await get('__proto__')).PolicyDocument as string)).toBe(PolicyDocument)
  })

  it('keeps what many put at once', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `many-${index}`)
    await Promise.all(names.map((name) => put(name)))
    const { PolicyNames } = await iamClient(server).send(new ListRolePoliciesCommand({ RoleName: 'holder' }))
    expect(PolicyNames).toEqual(expect.arrayContaining(names))
  })

  it.each([
    ['{', 'This policy contains invalid Json'],
    ['{"Version":"2012-10-17","Statement":[],"More":1}', 'Syntax errors in policy.'],
    [policy({ Action: 'iam' }), 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'],
    [policy({ Action: 'iam:*', Resource: 'x' }), 'Resource x must be in ARN format or "*".'],
    [policy({ Action: [] }), 'Policy statement must contain actions.'],
  ])('MalformedPolicyDocument for %s', async (document, message) => {
    await expectRefusal(put('bad', document), 'MalformedPolicyDocumentException', message)
  })

  it('takes a document of the version before, and one without a version', async () => {
    await put('old', PolicyDocument.replace('2012-10-17', '2008-10-17'))
    await put('none', PolicyDocument.replace('"Version":"2012-10-17",', ''))
  })

  it('LimitExceeded for more than 10240 characters in all policies, for all but those of many that fit', async () => {
    await makeRole(iamClient(server), 'full', { Principal: { Service: 'x.amazonaws.com' } })
    const document = (size: number) => {
      const rest = policy({ Action: 'iam:GetUser', Sid: '' }).length
      return `${policy({ Action: 'iam:GetUser', Sid: 'x'.repeat(size - rest) })}${' '.repeat(1000)}`
    }
    const fill = (PolicyName: string, size: number) =>
      iamClient(server).send(new PutRolePolicyCommand({ RoleName: 'full', PolicyName, PolicyDocument: document(size) }))
    const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map((name) => fill(name, 4000)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    const message = 'Maximum policy size of 10240 bytes exceeded for role full'
    await expectRefusal(fill('e', 2241), 'LimitExceededException', message)
    await fill('e', 2240)
    await fill('e', 2000)
  })

  it('NoSuchEntity for a role that is not there', async () => {
    const call = iamClient(server).send(
      new PutRolePolicyCommand({ RoleName: 'nobody', PolicyName: 'p', PolicyDocument }),
    )
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('UnmodifiableEntity for a role of a service', async () => {
    await iamClient(server).send(
      new CreateServiceLinkedRoleCommand({ AWSServiceName: 'email.cognito-idp.amazonaws.com' }),
    )
    const RoleName = 'AWSServiceRoleForAmazonCognitoIdpEmailService'
    const message = `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`
    const call = iamClient(server).send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }))
    await expectRefusal(call, 'UnmodifiableEntityException', message)
  })

  it('refuses who may not', async () => {
    const call = new PutRolePolicyCommand({ RoleName: 'holder', PolicyName: 'p', PolicyDocument })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:PutRolePolicy',
      `arn:aws:iam::${server.accountId}:role/Holder`,
    )
  })
})
