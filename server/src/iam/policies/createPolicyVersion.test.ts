import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:GetUser' })
const aws = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

describe.each(engines)('CreatePolicyVersion (%s)', (engine) => {
  const server = useTestServer({ engine })
  let PolicyArn: string

  beforeAll(async () => {
    const { Policy } = await iamClient(server).send(new CreatePolicyCommand({ PolicyName: 'Own', PolicyDocument }))
    PolicyArn = Policy?.Arn as string
  })

  const create = (document = PolicyDocument, SetAsDefault?: boolean) =>
    iamClient(server).send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document, SetAsDefault }))
  const remove = (VersionId: string) => iamClient(server).send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }))

  it('does not reuse version numbers, and sets the default on request', async () => {
    const { PolicyVersion } = await create()
    expect(PolicyVersion).toEqual({ VersionId: 'v2', IsDefaultVersion: false, CreateDate: expect.any(Date) })
    await remove('v2')
    const document = `${PolicyDocument}\n`
    expect((await create(document, true)).PolicyVersion).toMatchObject({ VersionId: 'v3', IsDefaultVersion: true })
    const { Policy } = await iamClient(server).send(new GetPolicyCommand({ PolicyArn }))
    expect(Policy?.DefaultVersionId).toBe('v3')
    const read = await iamClient(server).send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v3' }))
    expect(decodeURIComponent(read.PolicyVersion?.Document as string)).toBe(document)
    await iamClient(server).send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))
    await remove('v3')
  })

  it('LimitExceeded for a sixth version, also in concurrent requests', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 7 }, () => create()))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
    const message =
      'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.'
    await expectRefusal(create(), 'LimitExceededException', message)
    const { Versions = [] } = await iamClient(server).send(new ListPolicyVersionsCommand({ PolicyArn }))
    expect(Versions.map(({ VersionId }) => VersionId)).toEqual(['v7', 'v6', 'v5', 'v4', 'v1'])
    for (const { VersionId } of Versions.slice(0, 4)) await remove(VersionId as string)
  })

  it('MalformedPolicyDocument and LimitExceeded for an invalid document', async () => {
    const text = 'This policy contains invalid Json'
    await expectRefusal(create('x'), 'MalformedPolicyDocumentException', text)
    const long = policy({ Action: 'iam:GetUser', Sid: 'x'.repeat(6144) })
    await expectRefusal(create(long), 'LimitExceededException', 'Cannot exceed quota for PolicySize: 6144')
  })

  it('NoSuchEntity for an unknown policy, ValidationError for a text that is not an ARN', async () => {
    const call = (arn: string) =>
      iamClient(server).send(new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument }))
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

  it('AccessDenied for an AWS managed policy', async () => {
    const call = iamClient(server).send(new CreatePolicyVersionCommand({ PolicyArn: aws, PolicyDocument }))
    await expectRefusal(call, 'AccessDenied', `Policy ${aws} is outside your own account.`)
  })

  it('refuses callers without permission', async () => {
    const call = new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument })
    await expectDenied(server, (iam) => iam.send(call), 'iam:CreatePolicyVersion', PolicyArn)
  })
})
