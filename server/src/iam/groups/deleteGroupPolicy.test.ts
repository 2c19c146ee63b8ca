import {
  CreateGroupCommand,
  DeleteGroupPolicyCommand,
  ListGroupPoliciesCommand,
  PutGroupPolicyCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:ListUsers' })

describe('DeleteGroupPolicy', () => {
  const server = useTestServer()

  beforeAll(() => iamClient(server).send(new CreateGroupCommand({ GroupName: 'Holder' })))

  const remove = (PolicyName: string) =>
    iamClient(server).send(new DeleteGroupPolicyCommand({ GroupName: 'holder', PolicyName }))

  it('removes one policy', async () => {
    for (const PolicyName of ['one', 'two', '__proto__'])
      await iamClient(server).send(new PutGroupPolicyCommand({ GroupName: 'holder', PolicyName, PolicyDocument }))
    await remove('one')
    await remove('__proto__')
    const { PolicyNames } = await iamClient(server).send(new ListGroupPoliciesCommand({ GroupName: 'holder' }))
    expect(PolicyNames).toEqual(['two'])
    for (const name of ['one', '__proto__', 'toString'])
      await expectRefusal(remove(name), 'NoSuchEntityException', `The group policy with name ${name} cannot be found.`)
  })

  it('NoSuchEntity for a group that is not there', async () => {
    const call = iamClient(server).send(new DeleteGroupPolicyCommand({ GroupName: 'nobody', PolicyName: 'p' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The group with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new DeleteGroupPolicyCommand({ GroupName: 'holder', PolicyName: 'p' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:DeleteGroupPolicy',
      `arn:aws:iam::${server.accountId}:group/Holder`,
    )
  })
})
