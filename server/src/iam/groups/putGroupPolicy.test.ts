import {
  CreateGroupCommand,
  GetGroupPolicyCommand,
  ListGroupPoliciesCommand,
  PutGroupPolicyCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:ListUsers' })

describe('PutGroupPolicy', () => {
  const server = useTestServer()

  beforeAll(() => iamClient(server).send(new CreateGroupCommand({ GroupName: 'Holder' })))

  const put = (PolicyName: string, document = PolicyDocument) =>
    iamClient(server).send(new PutGroupPolicyCommand({ GroupName: 'holder', PolicyName, PolicyDocument: document }))

  it('adds a policy, and replaces the one of that name', async () => {
    await put('one')
    await put('__proto__')
    const other = policy({ Action: 'iam:GetUser' })
    await put('one', other)
    const { PolicyNames } = await iamClient(server).send(new ListGroupPoliciesCommand({ GroupName: 'holder' }))
    expect(PolicyNames).toEqual(['__proto__', 'one'])
    const kept = await iamClient(server).send(new GetGroupPolicyCommand({ GroupName: 'holder', PolicyName: 'one' }))
    expect(decodeURIComponent(kept.PolicyDocument as string)).toBe(other)
  })

  it('MalformedPolicyDocument for what is no policy', async () => {
    await expectRefusal(put('bad', '{'), 'MalformedPolicyDocumentException', 'This policy contains invalid Json')
  })

  it('LimitExceeded for more than 5120 characters in all', async () => {
    const document = policy({ Action: 'iam:GetUser', Sid: 'x'.repeat(5120) })
    const message = 'Maximum policy size of 5120 bytes exceeded for group Holder'
    await expectRefusal(put('long', document), 'LimitExceededException', message)
  })

  it('NoSuchEntity for a group that is not there', async () => {
    const call = iamClient(server).send(
      new PutGroupPolicyCommand({ GroupName: 'nobody', PolicyName: 'p', PolicyDocument }),
    )
    await expectRefusal(call, 'NoSuchEntityException', 'The group with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new PutGroupPolicyCommand({ GroupName: 'holder', PolicyName: 'p', PolicyDocument })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:PutGroupPolicy',
      `arn:aws:iam::${server.accountId}:group/Holder`,
    )
  })
})
