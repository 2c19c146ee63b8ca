import { CognitoIdentityProviderClient, CreateGroupCommand } from '@aws-sdk/client-cognito-identity-provider'
import { TagRoleCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, it } from 'vitest'
import { iamClient } from '../../test/aws-clients.ts'
import { expectRefusal, makePool, useTestServer } from '../../test/harness.ts'
import { makeIamUser, makeRole, type Statement } from '../../test/iam.ts'

describe('iam:PassRole', () => {
  const server = useTestServer()
  let UserPoolId: string
  let role: string
  const trust = { Principal: { Service: 'x.amazonaws.com' } }

  beforeAll(async () => {
    UserPoolId = (await makePool(server)).Id
    role = await makeRole(iamClient(server), 'Handed', trust)
    const Tags = [{ Key: 'Team', Value: 'red' }]
    await iamClient(server).send(new TagRoleCommand({ RoleName: 'Handed', Tags }))
  })

  /** Sets the role of a group of users; the caller has iam:PassRole under a condition. */
  async function pass(GroupName: string, RoleArn: string, statement: Statement): Promise<void> {
    const passing = { Action: 'iam:PassRole', ...statement }
    const credentials = await makeIamUser(iamClient(server), GroupName, { Action: 'cognito-idp:*' }, passing)
    const client = new CognitoIdentityProviderClient({ endpoint: server.url, region: server.region, credentials })
    try {
      await client.send(new CreateGroupCommand({ UserPoolId, GroupName, RoleArn }))
    } finally {
      client.destroy()
    }
  }

  it('is decided on the ARN of the role', async () => {
    await pass('by-arn', role, { Resource: role })
    const other = await makeRole(iamClient(server), 'other', trust)
    await expectRefusal(pass('other-arn', other, { Resource: role }), 'AccessDeniedException', /iam:PassRole/)
  })

  it('is decided by the tags of the role, not of one with the same name and another path', async () => {
    const tagged = (Value: string) => ({ Condition: { StringEquals: { 'aws:ResourceTag/Team': Value } } })
    await pass('by-tag', role, tagged('red'))
    await expectRefusal(pass('other-tag', role, tagged('blue')), 'AccessDeniedException', /iam:PassRole/)
    const elsewhere = role.replace('role/', 'role/path/')
    await expectRefusal(pass('no-role', elsewhere, tagged('red')), 'AccessDeniedException', /iam:PassRole/)
  })

  it('is decided by the service that gets the role', async () => {
    const to = (service: string) => ({ Condition: { StringEquals: { 'iam:PassedToService': service } } })
    await pass('by-service', role, to('cognito-idp.amazonaws.com'))
    await expectRefusal(
      pass('other-service', role, to('lambda.amazonaws.com')),
      'AccessDeniedException',
      /iam:PassRole/,
    )
  })
})
