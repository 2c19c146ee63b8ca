// A trust policy trusts the users and roles that existed when it was stored, not those created later under their names.
import {
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  type IAMClient,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, iamClient, stsClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser, makeRole, policy } from '../../../test/iam.ts'

describe.each(engines)('re-created principals on %s', (engine) => {
  const server = useTestServer({ engine })
  let iam: IAMClient
  beforeAll(() => {
    iam = iamClient(server)
  })
  const assume = async (key: Credentials, RoleArn: string): Promise<Credentials> => {
    const { Credentials: issued } = await stsClient(server, key).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }),
    )
    return {
      accessKeyId: issued?.AccessKeyId as string,
      secretAccessKey: issued?.SecretAccessKey as string,
      sessionToken: issued?.SessionToken as string,
    }
  }
  const mayAssume = { Action: 'sts:AssumeRole' }

  it('a re-created user is not trusted until the policy is stored again', async () => {
    const arn = `arn:aws:iam::${server.accountId}:user/bob`
    const bob = await makeIamUser(iam, 'bob', mayAssume)
    const role = await makeRole(iam, 'bobs', { Principal: { AWS: arn } })
    await assume(bob, role)
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'bob', AccessKeyId: bob.accessKeyId }))
    await iam.send(new DeleteUserPolicyCommand({ UserName: 'bob', PolicyName: 'inline' }))
    await iam.send(new DeleteUserCommand({ UserName: 'bob' }))
    const other = await makeIamUser(iam, 'bob', mayAssume)
    await expectRefusal(
      assume(other, role),
      'AccessDenied',
      `User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${role}`,
    )
    await iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'bobs',
        PolicyDocument: policy({ Principal: { AWS: arn }, ...mayAssume }),
      }),
    )
    expect((await assume(other, role)).accessKeyId).toMatch(/^ASIA/)
  })

  it('a re-created role is not trusted; trust in the account is not affected', async () => {
    const trust = { Principal: { AWS: server.accountId } }
    const first = await makeRole(iam, 'first', trust, mayAssume)
    const named = await makeRole(iam, 'named', { Principal: { AWS: first } })
    const open = await makeRole(iam, 'open', trust)
    const ada = await makeIamUser(iam, 'ada', mayAssume)
    await assume(await assume(ada, first), named)
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'first', PolicyName: 'inline' }))
    await iam.send(new DeleteRoleCommand({ RoleName: 'first' }))
    await makeRole(iam, 'first', trust, mayAssume)
    const session = await assume(ada, first)
    await expectRefusal(assume(session, named), 'AccessDenied')
    await assume(session, open)
  })
})
