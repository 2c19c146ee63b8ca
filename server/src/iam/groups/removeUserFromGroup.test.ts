import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  CreateUserCommand,
  GetGroupCommand,
  ListGroupsForUserCommand,
  ListUsersCommand,
  PutGroupPolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser, policy } from '../../../test/iam.ts'

describe.each(engines)('RemoveUserFromGroup (%s)', (engine) => {
  const server = useTestServer({ engine })
  const remove = (UserName: string, GroupName: string) =>
    iamClient(server).send(new RemoveUserFromGroupCommand({ UserName, GroupName }))

  it('removes the permissions of the group at once; a second time changes nothing', async () => {
    const iam = iamClient(server)
    for (const GroupName of ['Readers', 'others']) await iam.send(new CreateGroupCommand({ GroupName }))
    const PolicyDocument = policy({ Action: 'iam:ListUsers' })
    await iam.send(new PutGroupPolicyCommand({ GroupName: 'Readers', PolicyName: 'read', PolicyDocument }))
    const reader = iamClient(server, await makeIamUser(iam, 'Reader'))
    for (const GroupName of ['Readers', 'others'])
      await iam.send(new AddUserToGroupCommand({ UserName: 'Reader', GroupName }))
    await reader.send(new ListUsersCommand({}))
    await remove('READER', 'readers')
    await expectRefusal(reader.send(new ListUsersCommand({})), 'AccessDenied')
    await remove('reader', 'readers')
    expect((await iam.send(new GetGroupCommand({ GroupName: 'Readers' }))).Users).toEqual([])
    const { Groups } = await iam.send(new ListGroupsForUserCommand({ UserName: 'Reader' }))
    expect(Groups?.map(({ GroupName }) => GroupName)).toEqual(['others'])
  })

  it('NoSuchEntity for an unknown user or group, for the user first', async () => {
    await iamClient(server).send(new CreateUserCommand({ UserName: 'other' }))
    const noUser = 'The user with name nobody cannot be found.'
    await expectRefusal(remove('nobody', 'readers'), 'NoSuchEntityException', noUser)
    await expectRefusal(remove('nobody', 'nothing'), 'NoSuchEntityException', noUser)
    const noGroup = 'The group with name nothing cannot be found.'
    await expectRefusal(remove('other', 'nothing'), 'NoSuchEntityException', noGroup)
  })

  it('refuses callers without permission', async () => {
    const arn = `arn:aws:iam::${server.accountId}:group/Readers`
    const call = new RemoveUserFromGroupCommand({ UserName: 'other', GroupName: 'readers' })
    await expectDenied(server, (iam) => iam.send(call), 'iam:RemoveUserFromGroup', arn)
  })
})
