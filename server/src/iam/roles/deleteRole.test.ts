import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateServiceLinkedRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  ListRoleTagsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { iamClient, stsClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser, makeRole, policy } from '../../../test/iam.ts'
import { signerOf } from '../../../test/sessions.ts'

const trust = { Principal: { Service: 'x.amazonaws.com' } }
const PolicyArn = 'arn:aws:iam::aws:policy/IAMFullAccess'
const PolicyDocument = policy({ Action: 'iam:GetUser' })

describe.each(engines)('DeleteRole (%s)', (engine) => {
  const server = useTestServer({ engine })
  const remove = (RoleName: string) => iamClient(server).send(new DeleteRoleCommand({ RoleName }))

  it('removes a role, by its name in any case; one that is created again has nothing of it', async () => {
    const iam = iamClient(server)
    await makeRole(iam, 'Gone', trust)
    const Tags = [{ Key: 'k', Value: 'v' }]
    await iam.send(new TagRoleCommand({ RoleName: 'Gone', Tags }))
    const { Role: old } = await iam.send(new GetRoleCommand({ RoleName: 'Gone' }))
    await remove('gONE')
    await expectRefusal(remove('gone'), 'NoSuchEntityException', 'The role with name gone cannot be found.')
    await makeRole(iam, 'Gone', trust)
    const { Role: next } = await iam.send(new GetRoleCommand({ RoleName: 'Gone' }))
    expect(next?.RoleId).not.toBe(old?.RoleId)
    expect((await iam.send(new ListRoleTagsCommand({ RoleName: 'Gone' }))).Tags).toEqual([])
  })

  it('DeleteConflict until its policies are removed', async () => {
    const iam = iamClient(server)
    const RoleName = 'laden'
    await makeRole(iam, RoleName, trust)
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: '__proto__', PolicyDocument }))
    const refused = (what: string) =>
      expectRefusal(remove(RoleName), 'DeleteConflictException', `Cannot delete entity, must ${what} first.`)
    await refused('detach all policies')
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }))
    await refused('delete policies')
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: '__proto__' }))
    await remove(RoleName)
  })

  it('removes the use of its boundary, also while that is being set', async () => {
    const iam = iamClient(server)
    for (let round = 0; round < 5; round++) {
      const RoleName = `bound-${round}`
      const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: RoleName, PolicyDocument }))
      const PermissionsBoundary = Policy?.Arn as string
      await makeRole(iam, RoleName, trust)
      if (round === 0) await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }))
      const [, deleted] = await Promise.allSettled([
        iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary })),
        remove(RoleName),
      ])
      expect(deleted.status).toBe('fulfilled')
      await iam.send(new DeletePolicyCommand({ PolicyArn: PermissionsBoundary }))
    }
  })

  it('is deleted once by several concurrent requests', async () => {
    await makeRole(iamClient(server), 'race', trust)
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => remove('race')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('either gets a policy or is deleted, in concurrent requests', async () => {
    const iam = iamClient(server)
    for (let round = 0; round < 5; round++) {
      const RoleName = `torn-${round}`
      await makeRole(iam, RoleName, trust)
      const [put, deleted] = await Promise.allSettled([
        iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument })),
        remove(RoleName),
      ])
      expect([put.status, deleted.status].sort()).toEqual(['fulfilled', 'rejected'])
    }
  })
})

describe('DeleteRole', () => {
  const server = useTestServer()

  it('ends the sessions of the role, also when it is created again', async () => {
    const iam = iamClient(server)
    const user = await makeIamUser(iam, 'assuming')
    const trusting = { Principal: { AWS: `arn:aws:iam::${server.accountId}:user/assuming` } }
    const RoleArn = await makeRole(iam, 'ended', trusting)
    const { Credentials } = await stsClient(server, user).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }),
    )
    const session = stsClient(server, signerOf(Credentials))
    await session.send(new GetCallerIdentityCommand({}))
    await iam.send(new DeleteRoleCommand({ RoleName: 'ended' }))
    const text = 'The security token included in the request is invalid.'
    await expectRefusal(session.send(new GetCallerIdentityCommand({})), 'InvalidClientTokenId', text)
    await makeRole(iam, 'ended', trusting)
    await expectRefusal(session.send(new GetCallerIdentityCommand({})), 'InvalidClientTokenId', text)
  })

  it('UnmodifiableEntity for a service-linked role', async () => {
    const AWSServiceName = 'email.cognito-idp.amazonaws.com'
    const { Role } = await iamClient(server).send(new CreateServiceLinkedRoleCommand({ AWSServiceName }))
    const message = `Cannot perform the operation on the protected role '${Role?.RoleName}' - this role is only modifiable by AWS`
    const call = iamClient(server).send(new DeleteRoleCommand({ RoleName: Role?.RoleName }))
    await expectRefusal(call, 'UnmodifiableEntityException', message)
  })

  it('refuses callers without permission', async () => {
    await makeRole(iamClient(server), 'Safe', trust)
    const call = new DeleteRoleCommand({ RoleName: 'safe' })
    const arn = `arn:aws:iam::${server.accountId}:role/Safe`
    await expectDenied(server, (iam) => iam.send(call), 'iam:DeleteRole', arn)
  })
})
