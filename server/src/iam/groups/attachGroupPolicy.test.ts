import { AttachGroupPolicyCommand, CreateGroupCommand, ListAttachedGroupPoliciesCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

const PolicyArn = 'arn:aws:iam::aws:policy/IAMFullAccess'

describe('AttachGroupPolicy', () => {
  const server = useTestServer()

  beforeAll(() => iamClient(server).send(new CreateGroupCommand({ GroupName: 'Holder' })))

  const attach = (arn: string) =>
    iamClient(server).send(new AttachGroupPolicyCommand({ GroupName: 'holder', PolicyArn: arn }))

  it('attaches a policy once, however often and however many at a time', async () => {
    await attach(PolicyArn)
    await attach(PolicyArn)
    const other = 'arn:aws:iam::aws:policy/AmazonCognitoReadOnly'
    await Promise.all(Array.from({ length: 4 }, () => attach(other)))
    const { AttachedPolicies } = await iamClient(server).send(
      new ListAttachedGroupPoliciesCommand({ GroupName: 'holder' }),
    )
    expect(AttachedPolicies).toEqual([
      { PolicyName: 'AmazonCognitoReadOnly', PolicyArn: other },
      { PolicyName: 'IAMFullAccess', PolicyArn },
    ])
  })

  it('NoSuchEntity for a policy that is not there, ValidationError for no ARN', async () => {
    const arn = `arn:aws:iam::${server.accountId}:policy/none`
    await expectRefusal(attach(arn), 'NoSuchEntityException', `Policy ${arn} does not exist or is not attachable.`)
    await expectRefusal(attach('not-an-arn-at-all-really'), 'ValidationError')
  })

  it('NoSuchEntity for a group that is not there', async () => {
    const call = iamClient(server).send(new AttachGroupPolicyCommand({ GroupName: 'nobody', PolicyArn }))
    await expectRefusal(call, 'NoSuchEntityException', 'The group with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new AttachGroupPolicyCommand({ GroupName: 'holder', PolicyArn })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:AttachGroupPolicy',
      `arn:aws:iam::${server.accountId}:group/Holder`,
    )
  })
})
