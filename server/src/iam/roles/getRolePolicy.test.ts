import { GetRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:ListUsers' })

describe('GetRolePolicy', () => {
  const server = useTestServer()

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  it('shows the document percent-encoded and byte for byte, with the name of the role', async () => {
    const document = ` ${PolicyDocument.replace(',', ' ,\n\t')} `
    await iamClient(server).send(
      new PutRolePolicyCommand({ RoleName: 'Holder', PolicyName: 'p', PolicyDocument: document }),
    )
    const answer = await iamClient(server).send(new GetRolePolicyCommand({ RoleName: 'hOLDER', PolicyName: 'p' }))
    expect(answer).toMatchObject({ RoleName: 'Holder', PolicyName: 'p' })
    expect(answer.PolicyDocument).toMatch(/^[A-Za-z0-9._~%-]+$/)
    expect(decodeURIComponent(answer.PolicyDocument as string)).toBe(document)
  })

  it.each(['none', '__proto__', 'constructor', 'P'])('NoSuchEntity for the policy %s', async (PolicyName) => {
    const call = iamClient(server).send(new GetRolePolicyCommand({ RoleName: 'Holder', PolicyName }))
    const message = `The role policy with name ${PolicyName} cannot be found.`
    await expectRefusal(call, 'NoSuchEntityException', message)
  })

  it('NoSuchEntity for a role that is not there', async () => {
    const call = iamClient(server).send(new GetRolePolicyCommand({ RoleName: 'nobody', PolicyName: 'p' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new GetRolePolicyCommand({ RoleName: 'holder', PolicyName: 'p' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:GetRolePolicy',
      `arn:aws:iam::${server.accountId}:role/Holder`,
    )
  })
})
