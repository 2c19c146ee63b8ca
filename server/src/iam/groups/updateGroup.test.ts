import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteGroupPolicyCommand,
  DetachGroupPolicyCommand,
  GetGroupCommand,
  ListAttachedGroupPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListGroupsForUserCommand,
  ListUsersCommand,
  PutGroupPolicyCommand,
  RemoveUserFromGroupCommand,
  UpdateGroupCommand,
  type UpdateGroupCommandInput,
  UpdateUserCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser, policy } from '../../../test/iam.ts'

describe.each(engines)('UpdateGroup (%s)', (engine) => {
  const server = useTestServer({ engine })
  const update = (input: UpdateGroupCommandInput) => iamClient(server).send(new UpdateGroupCommand(input))
  const create = (GroupName: string) => iamClient(server).send(new CreateGroupCommand({ GroupName }))
  const membersOf = async (GroupName: string) =>
    (await iamClient(server).send(new GetGroupCommand({ GroupName }))).Users?.map(({ UserName }) => UserName)
  const groupsOf = async (UserName: string) =>
    (await iamClient(server).send(new ListGroupsForUserCommand({ UserName }))).Groups?.map((group) => group.GroupName)

  it('keeps members, policies and permissions under a new name', async () => {
    const iam = iamClient(server)
    const { Group: before } = await create('old')
    const key = await makeIamUser(iam, 'member')
    await iam.send(new AddUserToGroupCommand({ UserName: 'member', GroupName: 'old' }))
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'managed', PolicyDocument: policy({ Action: 'iam:ListUsers' }) }),
    )
    const PolicyArn = Policy?.Arn as string
    await iam.send(new AttachGroupPolicyCommand({ GroupName: 'old', PolicyArn }))
    const PolicyDocument = policy({ Action: 'iam:GetGroup' })
    await iam.send(new PutGroupPolicyCommand({ GroupName: 'old', PolicyName: 'inline', PolicyDocument }))
    const member = iamClient(server, key)
    await member.send(new ListUsersCommand({}))
    await update({ GroupName: 'OLD', NewGroupName: 'New', NewPath: '/p/' })

    await expectRefusal(membersOf('old'), 'NoSuchEntityException', 'The group with name old cannot be found.')
    const Arn = `arn:aws:iam::${server.accountId}:group/p/New`
    const { Group, Users } = await member.send(new GetGroupCommand({ GroupName: 'new' }))
    expect(Group).toEqual({ ...before, GroupName: 'New', Path: '/p/', Arn })
    expect(Users?.map(({ UserName }) => UserName)).toEqual(['member'])
    expect(await groupsOf('member')).toEqual(['New'])
    await member.send(new ListUsersCommand({}))
    const { AttachedPolicies } = await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName: 'New' }))
    expect(AttachedPolicies).toEqual([{ PolicyName: 'managed', PolicyArn }])
    const { PolicyGroups } = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }))
    expect(PolicyGroups?.map(({ GroupName }) => GroupName)).toEqual(['New'])
    // The old name can be used again, and the new group has nothing of the old one.
    await create('old')
    expect(await membersOf('old')).toEqual([])
    expect(await groupsOf('member')).toEqual(['New'])
    await iam.send(new DetachGroupPolicyCommand({ GroupName: 'New', PolicyArn }))
    await iam.send(new DeleteGroupPolicyCommand({ GroupName: 'New', PolicyName: 'inline' }))
    await expectRefusal(member.send(new ListUsersCommand({})), 'AccessDenied')
  })

  it('changes the path alone, the case alone, or nothing', async () => {
    await create('plain')
    await iamClient(server).send(new AddUserToGroupCommand({ UserName: 'member', GroupName: 'plain' }))
    await update({ GroupName: 'plain', NewPath: '/b/' })
    await update({ GroupName: 'plain', NewGroupName: 'PLAIN' })
    await update({ GroupName: 'plain' })
    const { Group } = await iamClient(server).send(new GetGroupCommand({ GroupName: 'plain' }))
    expect(Group).toMatchObject({ GroupName: 'PLAIN', Path: '/b/' })
    expect(await membersOf('plain')).toEqual(['member'])
    expect(await groupsOf('member')).toContain('PLAIN')
  })

  it('EntityAlreadyExists for a name that is taken', async () => {
    for (const name of ['one', 'Other']) await create(name)
    const message = 'Group with name oTHER already exists.'
    const call = update({ GroupName: 'one', NewGroupName: 'oTHER' })
    await expectRefusal(call, 'EntityAlreadyExistsException', message)
  })

  it('NoSuchEntity for an unknown group', async () => {
    const message = 'The group with name nothing cannot be found.'
    await expectRefusal(update({ GroupName: 'nothing' }), 'NoSuchEntityException', message)
    await expectRefusal(update({ GroupName: 'nothing', NewPath: '/x/' }), 'NoSuchEntityException', message)
  })

  it('is consistent with concurrent requests that add, remove and rename members', async () => {
    const iam = iamClient(server)
    for (let round = 0; round < 4; round++) {
      const GroupName = `race${round}`
      const [stays, comes, goes] = [`${GroupName}-stays`, `${GroupName}-comes`, `${GroupName}-goes`]
      await create(GroupName)
      for (const UserName of [stays, comes, goes]) await iam.send(new CreateUserCommand({ UserName }))
      for (const UserName of [stays, goes]) await iam.send(new AddUserToGroupCommand({ UserName, GroupName }))
      const [renamed, added, removed, moved] = await Promise.allSettled([
        update({ GroupName, NewGroupName: `${GroupName}-new` }),
        iam.send(new AddUserToGroupCommand({ UserName: comes, GroupName })),
        iam.send(new RemoveUserFromGroupCommand({ UserName: goes, GroupName })),
        iam.send(new UpdateUserCommand({ UserName: stays, NewUserName: `${stays}-new` })),
      ])
      expect([renamed.status, moved.status]).toEqual(['fulfilled', 'fulfilled'])
      const expected = [
        ...(added.status === 'fulfilled' ? [comes] : []),
        ...(removed.status === 'fulfilled' ? [] : [goes]),
        `${stays}-new`,
      ]
      expect(await membersOf(`${GroupName}-new`)).toEqual(expected)
      for (const name of [comes, goes, `${stays}-new`])
        expect(await groupsOf(name)).toEqual(expected.includes(name) ? [`${GroupName}-new`] : [])
    }
  })

  it('refuses callers who may not change the entity under both its old and its new name', async () => {
    await create('limited')
    const call = new UpdateGroupCommand({ GroupName: 'limited', NewGroupName: 'bosses' })
    const arn = `arn:aws:iam::${server.accountId}:group/`
    await expectDenied(server, (iam) => iam.send(call), 'iam:UpdateGroup', `${arn}limited`)
    const half = await makeIamUser(iamClient(server), 'half', { Action: 'iam:UpdateGroup', Resource: `${arn}limited` })
    await expectRefusal(iamClient(server, half).send(call), 'AccessDenied', new RegExp(`on resource: ${arn}bosses `))
  })
})
