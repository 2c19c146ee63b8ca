import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeletePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetGroupCommand,
  ListAccessKeysCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
  ListUserTagsCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, startTestServer, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser, policy } from '../../../test/iam.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { openDatabase } from '../../database/open.ts'

const PolicyArn = 'arn:aws:iam::aws:policy/IAMFullAccess'

describe.each(engines)('DeleteUser (%s)', (engine) => {
  const server = useTestServer({ engine })
  const create = (UserName: string) => iamClient(server).send(new CreateUserCommand({ UserName }))
  const remove = (UserName: string) => iamClient(server).send(new DeleteUserCommand({ UserName }))

  it('removes a user, by its name in any case; one that is created again has nothing of it', async () => {
    const iam = iamClient(server)
    const { User: old } = await iam.send(new CreateUserCommand({ UserName: 'Gone', Tags: [{ Key: 'k', Value: 'v' }] }))
    await remove('gONE')
    await expectRefusal(remove('gone'), 'NoSuchEntityException', 'The user with name gone cannot be found.')
    const { User: next } = await create('Gone')
    expect(next?.UserId).not.toBe(old?.UserId)
    expect((await iam.send(new ListUserTagsCommand({ UserName: 'Gone' }))).Tags).toEqual([])
    expect((await iam.send(new ListGroupsForUserCommand({ UserName: 'Gone' }))).Groups).toEqual([])
    expect((await iam.send(new ListUserPoliciesCommand({ UserName: 'Gone' }))).PolicyNames).toEqual([])
  })

  it('DeleteConflict until policies, keys and groups are removed', async () => {
    const iam = iamClient(server)
    const UserName = 'laden'
    await create(UserName)
    await iam.send(new CreateGroupCommand({ GroupName: 'laden' }))
    await iam.send(new AddUserToGroupCommand({ UserName, GroupName: 'laden' }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
    const PolicyName = 'constructor'
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument: policy({ Action: 'sts:*' }) }))
    const refused = (what: string) =>
      expectRefusal(remove(UserName), 'DeleteConflictException', `Cannot delete entity, must ${what} first.`)

    await refused('detach all policies')
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }))
    await refused('delete policies')
    await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }))
    await refused('delete access keys')
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKey?.AccessKeyId }))
    await refused('remove users from group')
    await iam.send(new RemoveUserFromGroupCommand({ UserName, GroupName: 'laden' }))
    await remove(UserName)
  })

  it('removes the use of the boundary', async () => {
    const iam = iamClient(server)
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'bound', PolicyDocument: policy({ Action: 'sts:*' }) }),
    )
    await create('bounded')
    await iam.send(
      new PutUserPermissionsBoundaryCommand({ UserName: 'bounded', PermissionsBoundary: Policy?.Arn as string }),
    )
    await remove('bounded')
    await iam.send(new DeletePolicyCommand({ PolicyArn: Policy?.Arn as string }))
  })

  it('leaves no key or membership of a concurrent request behind', async () => {
    const iam = iamClient(server)
    await iam.send(new CreateGroupCommand({ GroupName: 'race' }))
    for (let round = 0; round < 6; round++) {
      const UserName = `race${round}`
      await create(UserName)
      const [removed, key, member] = await Promise.allSettled([
        remove(UserName),
        iam.send(new CreateAccessKeyCommand({ UserName })),
        iam.send(new AddUserToGroupCommand({ UserName, GroupName: 'race' })),
      ])
      const { Users } = await iam.send(new GetGroupCommand({ GroupName: 'race' }))
      const found = Users?.some((user) => user.UserName === UserName)
      if (removed.status === 'fulfilled') {
        expect([key.status, member.status, found]).toEqual(['rejected', 'rejected', false])
        await create(UserName)
        expect((await iam.send(new ListAccessKeysCommand({ UserName }))).AccessKeyMetadata).toEqual([])
      } else {
        expect(removed.reason.name).toBe('DeleteConflictException')
        expect([key.status, member.status]).toContain('fulfilled')
      }
    }
  })

  it('refuses callers without permission', async () => {
    await create('kept')
    const call = new DeleteUserCommand({ UserName: 'kept' })
    const arn = `arn:aws:iam::${server.accountId}:user/kept`
    await expectDenied(server, (iam) => iam.send(call), 'iam:DeleteUser', arn)
  })
})

describe('after DeleteUser', () => {
  it('no row is left', async () => {
    const url = await postgresUrl()
    const server = await startTestServer({ env: { DATABASE_URL: url } })
    const database = await openDatabase({ engine: 'postgres', url, connections: 2 }, () => {})
    try {
      const iam = iamClient(server)
      const UserName = 'traceless'
      const { accessKeyId } = await makeIamUser(iam, UserName, { Action: '*' })
      await iam.send(new CreateGroupCommand({ GroupName: 'g' }))
      await iam.send(new AddUserToGroupCommand({ UserName, GroupName: 'g' }))
      await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
      await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: PolicyArn }))
      await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }))
      await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'inline' }))
      await iam.send(new RemoveUserFromGroupCommand({ UserName, GroupName: 'g' }))
      await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: accessKeyId }))
      await iam.send(new DeleteUserCommand({ UserName }))
      const { db } = database
      const users = await db.selectFrom('iam_entities').selectAll().where('kind', '=', 'user').execute()
      const counted = await db.selectFrom('iam_counts').select('entity_count').where('kind', '=', 'user').execute()
      const rows = [
        ...(await db.selectFrom('iam_access_keys').selectAll().execute()),
        ...(await db.selectFrom('iam_attachments').selectAll().execute()),
        ...(await db.selectFrom('iam_memberships').selectAll().execute()),
        ...(await db.selectFrom('iam_last_used').selectAll().where('name', '=', accessKeyId).execute()),
      ]
      expect({ users, counted, rows }).toEqual({ users: [], counted: [{ entity_count: 0 }], rows: [] })
    } finally {
      await database.close()
      await server.stop()
    }
  })
})
