import { CreateRoleCommand, DeleteRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { iamClient, stsClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser, makeRole } from '../../../test/iam.ts'
import { signerOf } from '../../../test/sessions.ts'

describe('GetRole', () => {
  const server = useTestServer()
  const get = (RoleName: string) => iamClient(server).send(new GetRoleCommand({ RoleName }))

  it('shows a role with its defaults, by its name in any case', async () => {
    await makeRole(iamClient(server), 'Plain', { Principal: { AWS: server.accountId } })
    const { Role } = await get('pLAIN')
    expect(Role).toMatchObject({ RoleName: 'Plain', MaxSessionDuration: 3600, RoleLastUsed: {} })
    expect(Role).not.toHaveProperty('Description')
    expect(Role).not.toHaveProperty('Tags')
    expect(Role).not.toHaveProperty('PermissionsBoundary')
  })

  it('shows date and region of the last use; a re-created role has none', async () => {
    const iam = iamClient(server)
    const user = await makeIamUser(iam, 'assuming')
    const trust = { Principal: { AWS: `arn:aws:iam::${server.accountId}:user/assuming` } }
    const RoleArn = await makeRole(iam, 'used', trust)
    const before = Date.now() - 1000
    const { Credentials } = await stsClient(server, user).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }),
    )
    await stsClient(server, signerOf(Credentials)).send(new GetCallerIdentityCommand({}))
    const { Role } = await get('used')
    expect(Role?.RoleLastUsed).toEqual({ LastUsedDate: expect.any(Date), Region: server.region })
    expect(Role?.RoleLastUsed?.LastUsedDate?.getTime()).toBeGreaterThanOrEqual(before)
    await iam.send(new DeleteRoleCommand({ RoleName: 'used' }))
    await makeRole(iam, 'used', trust)
    expect((await get('used')).Role?.RoleLastUsed).toEqual({})
  })

  it('shows times in whole seconds', async () => {
    const { Role } = await iamClient(server).send(
      new CreateRoleCommand({
        RoleName: 'time',
        AssumeRolePolicyDocument:
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}',
      }),
    )
    expect((Role?.CreateDate?.getTime() ?? 1) % 1000).toBe(0)
  })

  it('NoSuchEntity for an unknown role, or a user of the name', async () => {
    await makeIamUser(iamClient(server), 'person')
    for (const name of ['nothing', 'person', 'constructor'])
      await expectRefusal(get(name), 'NoSuchEntityException', `The role with name ${name} cannot be found.`)
  })

  it('refuses callers without permission', async () => {
    const arn = `arn:aws:iam::${server.accountId}:role/Plain`
    await expectDenied(server, (iam) => iam.send(new GetRoleCommand({ RoleName: 'plain' })), 'iam:GetRole', arn)
  })
})
