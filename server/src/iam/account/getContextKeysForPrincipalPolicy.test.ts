import { GetContextKeysForPrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole, policy } from '../../../test/iam.ts'

const conditioned = (key: string) => policy({ Action: '*', Condition: { StringEquals: { [key]: 'x' } } })

describe('GetContextKeysForPrincipalPolicy', () => {
  const server = useTestServer()
  let PolicySourceArn: string
  const keys = async (arn: string, ...PolicyInputList: string[]) =>
    (
      await iamClient(server).send(
        new GetContextKeysForPrincipalPolicyCommand({ PolicySourceArn: arn, PolicyInputList }),
      )
    ).ContextKeyNames

  beforeAll(async () => {
    const statement = { Action: '*', Condition: { StringEquals: { 'aws:SourceVpc': 'x' } } }
    PolicySourceArn = await makeRole(iamClient(server), 'r', { Principal: { Service: 'x.amazonaws.com' } }, statement)
  })

  it('lists those of its policies, and of the policies in the request', async () => {
    expect(await keys(PolicySourceArn)).toEqual(['aws:SourceVpc'])
    expect(await keys(PolicySourceArn, conditioned('aws:SourceIp'))).toEqual(['aws:SourceVpc', 'aws:SourceIp'])
  })

  it('InvalidInput for text that is not a policy or principal, NoSuchEntity for an unknown principal', async () => {
    const text = 'Invalid policy PolicyInputList.1: This policy contains invalid Json'
    await expectRefusal(keys(PolicySourceArn, '{'), 'InvalidInputException', text)
    const bucket = 'arn:aws:s3:::a-bucket-of-mine'
    const message = `Invalid Entity Arn: ${bucket} does not clearly define entity type and name.`
    await expectRefusal(keys(bucket), 'InvalidInputException', message)
    const absent = 'The role with name r2 cannot be found.'
    await expectRefusal(keys(`${PolicySourceArn}2`), 'NoSuchEntityException', absent)
  })

  it('refuses callers without permission', async () => {
    const call = new GetContextKeysForPrincipalPolicyCommand({ PolicySourceArn })
    const action = 'iam:GetContextKeysForPrincipalPolicy'
    await expectDenied(server, (iam) => iam.send(call), action, PolicySourceArn)
  })
})
