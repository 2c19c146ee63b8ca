import {
  CreateUserCommand,
  GetUserPolicyCommand,
  ListUserPoliciesCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:ListUsers' })

describe('PutUserPolicy', () => {
  const server = useTestServer()

  beforeAll(() => iamClient(server).send(new CreateUserCommand({ UserName: 'Holder' })))

  const put = (PolicyName: string, document = PolicyDocument) =>
    iamClient(server).send(new PutUserPolicyCommand({ UserName: 'holder', PolicyName, PolicyDocument: document }))

  it('adds a policy, and replaces the one of that name', async () => {
    await put('one')
    await put('__proto__')
    const other = policy({ Action: 'iam:GetUser' })
    await put('one', other)
    const { PolicyNames } = await iamClient(server).send(new ListUserPoliciesCommand({ UserName: 'holder' }))
    expect(PolicyNames).toEqual(['__proto__', 'one'])
    const kept = await iamClient(server).send(new GetUserPolicyCommand({ UserName: 'holder', PolicyName: 'one' }))
    expect(decodeURIComponent(kept.PolicyDocument as string)).toBe(other)
  })

  it('MalformedPolicyDocument for what is no policy', async () => {
    await expectRefusal(put('bad', '{'), 'MalformedPolicyDocumentException', 'This policy contains invalid Json')
  })

  it('LimitExceeded for more than 2048 characters in all', async () => {
    const document = policy({ Action: 'iam:GetUser', Sid: 'x'.repeat(2048) })
    const message = 'Maximum policy size of 2048 bytes exceeded for user Holder'
    await expectRefusal(put('long', document), 'LimitExceededException', message)
  })

  it('NoSuchEntity for a user that is not there', async () => {
    const call = iamClient(server).send(
      new PutUserPolicyCommand({ UserName: 'nobody', PolicyName: 'p', PolicyDocument }),
    )
    await expectRefusal(call, 'NoSuchEntityException', 'The user with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new PutUserPolicyCommand({ UserName: 'holder', PolicyName: 'p', PolicyDocument })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:PutUserPolicy',
      `arn:aws:iam::${server.accountId}:user/Holder`,
    )
  })
})
