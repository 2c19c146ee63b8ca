import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  ListPolicyVersionsCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const PolicyDocument = policy({ Action: 'iam:GetUser' })
const aws = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

describe('ListPolicyVersions', () => {
  const server = useTestServer()
  let PolicyArn: string

  beforeAll(async () => {
    const { Policy } = await iamClient(server).send(new CreatePolicyCommand({ PolicyName: 'Own', PolicyDocument }))
    PolicyArn = Policy?.Arn as string
  })

  const list = (page: { MaxItems?: number; Marker?: string | undefined } = {}, arn = PolicyArn) =>
    iamClient(server).send(new ListPolicyVersionsCommand({ PolicyArn: arn, ...page }))

  it('lists versions from the newest, in pages, without documents', async () => {
    const version = (VersionId: string, IsDefaultVersion: boolean) => ({
      VersionId,
      IsDefaultVersion,
      CreateDate: expect.any(Date),
    })
    // So that there are numbers of two digits.
    for (let number = 2; number <= 10; number++) {
      await iamClient(server).send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }))
      if (number < 9) {
        const VersionId = `v${number}`
        await iamClient(server).send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }))
      }
    }
    const first = await list({ MaxItems: 2 })
    expect(first.Versions).toEqual([version('v10', false), version('v9', false)])
    expect(first.IsTruncated).toBe(true)
    const last = await list({ Marker: first.Marker })
    expect(last.Versions).toEqual([version('v1', true)])
    expect(last.IsTruncated).toBe(false)
    await expectRefusal(list({ Marker: first.Marker }, aws), 'ValidationError', 'Invalid Marker.')
    expect((await list({}, aws)).Versions).toEqual([version('v1', true)])
  })

  it('NoSuchEntity for an unknown policy, ValidationError for a text that is not an ARN', async () => {
    const call = (arn: string) => iamClient(server).send(new ListPolicyVersionsCommand({ PolicyArn: arn }))
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
    const call = new ListPolicyVersionsCommand({ PolicyArn })
    await expectDenied(server, (iam) => iam.send(call), 'iam:ListPolicyVersions', PolicyArn)
  })
})
