import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  ListAttachedUserPoliciesCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyArn = 'arn:aws:iam::aws:policy/IAMFullAccess'

describe('DetachUserPolicy', () => {
  const server = useTestServer()

  beforeAll(() => iamClient(server).send(new CreateUserCommand({ UserName: 'Holder' })))

  const detach = (arn: string) =>
    iamClient(server).send(new DetachUserPolicyCommand({ UserName: 'holder', PolicyArn: arn }))

  it('detaches a policy, which can be deleted then', async () => {
    const iam = iamClient(server)
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'own', PolicyDocument: policy({ Action: 'sts:*' }) }),
    )
    const own = Policy?.Arn as string
    for (const arn of [own, PolicyArn])
      await iam.send(new AttachUserPolicyCommand({ UserName: 'holder', PolicyArn: arn }))
    expect((await iam.send(new GetPolicyCommand({ PolicyArn: own }))).Policy?.AttachmentCount).toBe(1)
    await detach(own)
    const { AttachedPolicies } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName: 'holder' }))
    expect(AttachedPolicies?.map((attached) => attached.PolicyArn)).toEqual([PolicyArn])
    await iam.send(new DeletePolicyCommand({ PolicyArn: own }))
  })

  it('NoSuchEntity for a policy that is not attached', async () => {
    const arn = 'arn:aws:iam::aws:policy/AmazonCognitoReadOnly'
    await expectRefusal(detach(arn), 'NoSuchEntityException', `Policy ${arn} was not found.`)
  })

  it('NoSuchEntity for a user that is not there', async () => {
    const call = iamClient(server).send(new DetachUserPolicyCommand({ UserName: 'nobody', PolicyArn }))
    await expectRefusal(call, 'NoSuchEntityException', 'The user with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new DetachUserPolicyCommand({ UserName: 'holder', PolicyArn })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:DetachUserPolicy',
      `arn:aws:iam::${server.accountId}:user/Holder`,
    )
  })
})
