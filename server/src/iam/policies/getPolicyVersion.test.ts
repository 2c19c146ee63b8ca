import { CreatePolicyCommand, GetPolicyVersionCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:GetUser' })
const aws = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

describe('GetPolicyVersion', () => {
  const server = useTestServer()
  let PolicyArn: string

  beforeAll(async () => {
    const { Policy } = await iamClient(server).send(new CreatePolicyCommand({ PolicyName: 'Own', PolicyDocument }))
    PolicyArn = Policy?.Arn as string
  })

  const get = (VersionId: string, arn = PolicyArn) =>
    iamClient(server).send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId }))

  it('shows a version with its document percent-encoded', async () => {
    expect((await get('v1')).PolicyVersion).toEqual({
      Document: encodeURIComponent(PolicyDocument).replaceAll('*', '%2A'),
      VersionId: 'v1',
      IsDefaultVersion: true,
      CreateDate: expect.any(Date),
    })
  })

  it('shows the version of an AWS managed policy', async () => {
    const { PolicyVersion } = await get('v1', aws)
    expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document as string))).toMatchObject({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: expect.arrayContaining(['cognito-idp:List*']), Resource: '*' }],
    })
  })

  it('NoSuchEntity for an unknown version', async () => {
    for (const arn of [PolicyArn, aws]) {
      const message = `Policy ${arn} version v9 does not exist or is not attachable.`
      await expectRefusal(get('v9', arn), 'NoSuchEntityException', message)
    }
    await expectRefusal(get('1'), 'ValidationError', /versionId/)
  })

  it('NoSuchEntity for an unknown policy, ValidationError for a text that is not an ARN', async () => {
    const call = (arn: string) =>
      iamClient(server).send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: 'v1' }))
    const account = `arn:aws:iam::${server.accountId}`
    for (const arn of [
      `${account}:policy/none`,
      `${account}:policy/own`,
      `${account}:policy/x/Own`,
      `${account}:role/Own`,
      'arn:aws:iam::999999999999:policy/Own',
      'arn:aws:iam::aws:policy/NoSuchAccess',
    ])
      await expectRefusal(call(arn), 'NoSuchEntityException', `Policy ${arn} was not found.`)
    await expectRefusal(call('longpolicynamebutnoarn'), 'ValidationError', 'Invalid ARN:  Could not be parsed!')
  })

  it('refuses callers without permission', async () => {
    const call = new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' })
    await expectDenied(server, (iam) => iam.send(call), 'iam:GetPolicyVersion', PolicyArn)
  })
})
