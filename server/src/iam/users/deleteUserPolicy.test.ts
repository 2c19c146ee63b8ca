import {
  CreateUserCommand,
  DeleteUserPolicyCommand,
  ListUserPoliciesCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:ListUsers' })

describe('DeleteUserPolicy', () => {
  const server = useTestServer()

  beforeAll(() => iamClient(server).send(new CreateUserCommand({ UserName: 'Holder' })))

  const remove = (PolicyName: string) =>
    iamClient(server).send(new DeleteUserPolicyCommand({ UserName: 'holder', PolicyName }))

  it('removes one policy', async () => {
    for (const PolicyName of ['one', 'two', '__proto__'])
      await iamClient(server).send(new PutUserPolicyCommand({ UserName: 'holder', PolicyName, PolicyDocument }))
    await remove('one')
    await remove('__proto__')
    const { PolicyNames } = await iamClient(server).send(new ListUserPoliciesCommand({ UserName: 'holder' }))
    expect(PolicyNames).toEqual(['two'])
    for (const name of ['one', '__proto__', 'toString'])
      await expectRefusal(remove(name), 'NoSuchEntityException', `The user policy with name ${name} cannot be found.`)
  })

  it('NoSuchEntity for a user that is not there', async () => {
    const call = iamClient(server).send(new DeleteUserPolicyCommand({ UserName: 'nobody', PolicyName: 'p' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The user with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new DeleteUserPolicyCommand({ UserName: 'holder', PolicyName: 'p' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:DeleteUserPolicy',
      `arn:aws:iam::${server.accountId}:user/Holder`,
    )
  })
})
