import { CreateUserCommand, GetUserPolicyCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

describe('GetUserPolicy', () => {
  const server = useTestServer()

  beforeAll(() => iamClient(server).send(new CreateUserCommand({ UserName: 'Holder' })))

  const get = (PolicyName: string) =>
    iamClient(server).send(new GetUserPolicyCommand({ UserName: 'holder', PolicyName }))

  it('answers the document URL-encoded, byte for byte', async () => {
    const PolicyDocument = ` ${policy({ Action: 'iam:ListUsers', Resource: "arn:aws:iam::*:user/('!*+&<ü>')" })}\n`
    await iamClient(server).send(new PutUserPolicyCommand({ UserName: 'holder', PolicyName: 'one', PolicyDocument }))
    const answer = await get('one')
    expect(answer).toMatchObject({ UserName: 'Holder', PolicyName: 'one' })
    expect(answer.PolicyDocument).toMatch(/^[A-Za-z0-9%._~-]+$/)
    expect(decodeURIComponent(answer.PolicyDocument as string)).toBe(PolicyDocument)
  })

  it('NoSuchEntity for a policy that is not there', async () => {
    for (const name of ['none', '__proto__', 'constructor', 'ONE'])
      await expectRefusal(get(name), 'NoSuchEntityException', `The user policy with name ${name} cannot be found.`)
  })

  it('NoSuchEntity for a user that is not there', async () => {
    const call = iamClient(server).send(new GetUserPolicyCommand({ UserName: 'nobody', PolicyName: 'p' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The user with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new GetUserPolicyCommand({ UserName: 'holder', PolicyName: 'p' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:GetUserPolicy',
      `arn:aws:iam::${server.accountId}:user/Holder`,
    )
  })
})
