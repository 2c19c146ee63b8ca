import { GetContextKeysForCustomPolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

describe('GetContextKeysForCustomPolicy', () => {
  const server = useTestServer()
  const keys = async (...PolicyInputList: string[]) =>
    (await iamClient(server).send(new GetContextKeysForCustomPolicyCommand({ PolicyInputList }))).ContextKeyNames

  it('lists keys of conditions and variables, each once', async () => {
    const Condition = { StringEquals: { 'aws:PrincipalTag/Team': `\${aws:username}` }, Bool: { constructor: 'true' } }
    const Resource = `arn:aws:cognito-sync:*:*:identitypool/*/identity/\${cognito-identity.amazonaws.com:sub}/*`
    const other = policy({ Action: '*', Condition: { StringEquals: { 'AWS:principaltag/team': 'x' } } })
    expect(await keys(policy({ Action: '*', Resource, Condition }), other)).toEqual([
      'cognito-identity.amazonaws.com:sub',
      'aws:PrincipalTag/Team',
      'aws:username',
      'constructor',
    ])
    expect(await keys(policy({ Action: '*' }))).toEqual([])
  })

  it('InvalidInput for an invalid policy', async () => {
    const message = 'Invalid policy PolicyInputList.1: This policy contains invalid Json'
    await expectRefusal(keys('{'), 'InvalidInputException', message)
  })

  it('refuses callers without permission', async () => {
    const call = new GetContextKeysForCustomPolicyCommand({ PolicyInputList: [policy({ Action: '*' })] })
    await expectDenied(server, (iam) => iam.send(call), 'iam:GetContextKeysForCustomPolicy', '*')
  })
})
