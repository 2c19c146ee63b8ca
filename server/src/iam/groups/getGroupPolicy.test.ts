import { CreateGroupCommand, GetGroupPolicyCommand, PutGroupPolicyCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

describe('GetGroupPolicy', () => {
  const server = useTestServer()

  beforeAll(() => iamClient(server).send(new CreateGroupCommand({ GroupName: 'Holder' })))

  const get = (PolicyName: string) =>
    iamClient(server).send(new GetGroupPolicyCommand({ GroupName: 'holder', PolicyName }))

  it('answers the document URL-encoded, byte for byte', async () => {
    const PolicyDocument = ` ${policy({ Action: 'iam:ListUsers', Resource: "arn:aws:iam::*:user/('!*+&<ü>')" })}\n`
    await iamClient(server).send(new PutGroupPolicyCommand({ GroupName: 'holder', PolicyName: 'one', PolicyDocument }))
    const answer = await get('one')
    expect(answer).toMatchObject({ GroupName: 'Holder', PolicyName: 'one' })
    expect(answer.PolicyDocument).toMatch(/^[A-Za-z0-9%._~-]+$/)
    expect(decodeURIComponent(answer.PolicyDocument as string)).toBe(PolicyDocument)
  })

  it('NoSuchEntity for a policy that is not there', async () => {
    for (const name of ['none', '__proto__', 'constructor', 'ONE'])
      await expectRefusal(get(name), 'NoSuchEntityException', `The group policy with name ${name} cannot be found.`)
  })

  it('NoSuchEntity for a group that is not there', async () => {
    const call = iamClient(server).send(new GetGroupPolicyCommand({ GroupName: 'nobody', PolicyName: 'p' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The group with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new GetGroupPolicyCommand({ GroupName: 'holder', PolicyName: 'p' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:GetGroupPolicy',
      `arn:aws:iam::${server.accountId}:group/Holder`,
    )
  })
})
