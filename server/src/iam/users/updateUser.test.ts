import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DetachUserPolicyCommand,
  GetGroupCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  ListAccessKeysCommand,
  ListEntitiesForPolicyCommand,
  ListUsersCommand,
  UpdateUserCommand,
  type UpdateUserCommandInput,
} from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { iamClient, stsClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser, policy } from '../../../test/iam.ts'

describe.each(engines)('UpdateUser (%s)', (engine) => {
  const server = useTestServer({ engine })
  const update = (input: UpdateUserCommandInput) => iamClient(server).send(new UpdateUserCommand(input))
  const create = (UserName: string) => iamClient(server).send(new CreateUserCommand({ UserName }))
  const get = async (UserName: string) => (await iamClient(server).send(new GetUserCommand({ UserName }))).User

  it('keeps keys, groups, policies and id under a new name', async () => {
    const iam = iamClient(server)
    const key = await makeIamUser(iam, 'old', { Action: 'iam:GetUser' })
    // Puts the user into caches under the old name.
    await iamClient(server, key).send(new GetUserCommand({}))
    const before = await get('old')
    await iam.send(new CreateGroupCommand({ GroupName: 'staff' }))
    await iam.send(new AddUserToGroupCommand({ UserName: 'old', GroupName: 'staff' }))
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'managed', PolicyDocument: policy({ Action: 'iam:ListUsers' }) }),
    )
    const PolicyArn = Policy?.Arn as string
    await iam.send(new AttachUserPolicyCommand({ UserName: 'old', PolicyArn }))
    await update({ UserName: 'OLD', NewUserName: 'New', NewPath: '/p/' })

    const Arn = `arn:aws:iam::${server.accountId}:user/p/New`
    expect(await get('new')).toEqual({ ...before, UserName: 'New', Path: '/p/', Arn })
    await expectRefusal(get('old'), 'NoSuchEntityException', 'The user with name old cannot be found.')
    expect(await stsClient(server, key).send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn })
    const self = iamClient(server, key)
    expect((await self.send(new GetUserCommand({}))).User?.UserName).toBe('New')
    await self.send(new ListUsersCommand({}))
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'New' }))
    expect(AccessKeyMetadata).toMatchObject([{ UserName: 'New', AccessKeyId: key.accessKeyId }])
    const { Users } = await iam.send(new GetGroupCommand({ GroupName: 'staff' }))
    expect(Users?.map((user) => user.Arn)).toEqual([Arn])
    const { PolicyUsers } = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }))
    expect(PolicyUsers?.map(({ UserName }) => UserName)).toEqual(['New'])
    await iam.send(new GetUserPolicyCommand({ UserName: 'New', PolicyName: 'inline' }))
    await iam.send(new DetachUserPolicyCommand({ UserName: 'New', PolicyArn }))
    await iam.send(new DeletePolicyCommand({ PolicyArn }))
    // The old name can be used again, and the new user has nothing of the old one.
    await create('old')
    expect((await iam.send(new ListAccessKeysCommand({ UserName: 'old' }))).AccessKeyMetadata).toEqual([])
  })

  it('changes the path alone, the case alone, or nothing', async () => {
    await create('plain')
    await update({ UserName: 'plain', NewPath: '/b/' })
    expect((await get('plain'))?.Path).toBe('/b/')
    const listed = await iamClient(server).send(new ListUsersCommand({ PathPrefix: '/b/' }))
    expect(listed.Users?.map(({ UserName }) => UserName)).toEqual(['plain'])
    await update({ UserName: 'plain', NewUserName: 'PLAIN' })
    expect(await get('plain')).toMatchObject({ UserName: 'PLAIN', Path: '/b/' })
    await update({ UserName: 'plain' })
    expect(await get('plain')).toMatchObject({ UserName: 'PLAIN', Path: '/b/' })
  })

  it('EntityAlreadyExists for a name that is taken', async () => {
    for (const name of ['one', 'Other']) await create(name)
    const message = 'User with name oTHER already exists.'
    const call = update({ UserName: 'one', NewUserName: 'oTHER' })
    await expectRefusal(call, 'EntityAlreadyExistsException', message)
    expect((await get('one'))?.UserName).toBe('one')
  })

  it('NoSuchEntity for an unknown user', async () => {
    const message = 'The user with name nobody cannot be found.'
    await expectRefusal(update({ UserName: 'nobody' }), 'NoSuchEntityException', message)
    await expectRefusal(update({ UserName: 'nobody', NewPath: '/x/' }), 'NoSuchEntityException', message)
  })

  it('loses nothing in concurrent changes: keys, groups and another renaming', async () => {
    const iam = iamClient(server)
    for (let round = 0; round < 4; round++) {
      const name = `racer${round}`
      await create(name)
      await iam.send(new CreateGroupCommand({ GroupName: name }))
      const [key, member, first, second] = await Promise.allSettled([
        iam.send(new CreateAccessKeyCommand({ UserName: name })),
        iam.send(new AddUserToGroupCommand({ UserName: name, GroupName: name })),
        update({ UserName: name, NewUserName: `${name}-a` }),
        update({ UserName: name, NewUserName: `${name}-b` }),
      ])
      expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected'])
      const winner = first.status === 'fulfilled' ? `${name}-a` : `${name}-b`
      const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: winner }))
      expect(AccessKeyMetadata).toHaveLength(key.status === 'fulfilled' ? 1 : 0)
      const { Users } = await iam.send(new GetGroupCommand({ GroupName: name }))
      expect(Users?.map(({ UserName }) => UserName)).toEqual(member.status === 'fulfilled' ? [winner] : [])
    }
  })

  it('refuses callers who may not change the entity under both its old and its new name', async () => {
    await create('limited')
    const call = new UpdateUserCommand({ UserName: 'limited', NewUserName: 'boss' })
    const arn = `arn:aws:iam::${server.accountId}:user/`
    await expectDenied(server, (iam) => iam.send(call), 'iam:UpdateUser', `${arn}limited`)
    const half = await makeIamUser(iamClient(server), 'half', { Action: 'iam:UpdateUser', Resource: `${arn}limited` })
    await expectRefusal(iamClient(server, half).send(call), 'AccessDenied', new RegExp(`on resource: ${arn}boss `))
  })

  it('keeps tags and boundary, which policies may require', async () => {
    const iam = iamClient(server)
    await iam.send(new CreateUserCommand({ UserName: 'blue', Tags: [{ Key: 'team', Value: 'blue' }] }))
    const boss = await makeIamUser(iam, 'blue-boss', {
      Action: 'iam:UpdateUser',
      Condition: { StringEquals: { 'aws:ResourceTag/team': 'blue' } },
    })
    await iamClient(server, boss).send(new UpdateUserCommand({ UserName: 'blue', NewUserName: 'azure' }))
    expect(await get('azure')).toMatchObject({ UserName: 'azure' })
  })
})
