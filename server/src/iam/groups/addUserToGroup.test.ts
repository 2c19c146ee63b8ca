import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  CreateUserCommand,
  GetGroupCommand,
  ListGroupsForUserCommand,
  ListUsersCommand,
  PutGroupPolicyCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser, policy } from '../../../test/iam.ts'

describe.each(engines)('AddUserToGroup (%s)', (engine) => {
  const server = useTestServer({ engine })
  const add = (UserName: string, GroupName: string) =>
    iamClient(server).send(new AddUserToGroupCommand({ UserName, GroupName }))
  const makeGroup = (GroupName: string) => iamClient(server).send(new CreateGroupCommand({ GroupName }))

  it('gives the member the permissions of the group at once; a second time changes nothing', async () => {
    const iam = iamClient(server)
    await makeGroup('Readers')
    await iam.send(
      new PutGroupPolicyCommand({
        GroupName: 'Readers',
        PolicyName: 'read',
        PolicyDocument: policy({ Action: 'iam:ListUsers' }),
      }),
    )
    const reader = iamClient(server, await makeIamUser(iam, 'Reader'))
    await expectRefusal(reader.send(new ListUsersCommand({})), 'AccessDenied')
    await add('READER', 'readers')
    await reader.send(new ListUsersCommand({}))
    await Promise.all([add('reader', 'readers'), add('reader', 'readers'), add('Reader', 'Readers')])
    const { Users } = await iam.send(new GetGroupCommand({ GroupName: 'Readers' }))
    expect(Users?.map(({ UserName }) => UserName)).toEqual(['Reader'])
  })

  it('adds a user once in concurrent requests', async () => {
    await makeGroup('popular')
    await iamClient(server).send(new CreateUserCommand({ UserName: 'wanted' }))
    await Promise.all(Array.from({ length: 5 }, () => add('wanted', 'popular')))
    const { Groups } = await iamClient(server).send(new ListGroupsForUserCommand({ UserName: 'wanted' }))
    expect(Groups).toHaveLength(1)
  })

  it('LimitExceeded for an eleventh group, also in concurrent requests', async () => {
    await iamClient(server).send(new CreateUserCommand({ UserName: 'joiner' }))
    const names = Array.from({ length: 13 }, (_, index) => `g${index}`)
    await Promise.all(names.map(makeGroup))
    for (const name of names.slice(0, 8)) await add('joiner', name)
    const outcomes = await Promise.allSettled(names.slice(8).map((name) => add('joiner', name)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    const message = 'Cannot exceed quota for GroupsPerUser: 10'
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ name: 'LimitExceededException', message })
  })

  it('NoSuchEntity for an unknown user or group, for the user first', async () => {
    const noUser = 'The user with name nobody cannot be found.'
    await expectRefusal(add('nobody', 'Readers'), 'NoSuchEntityException', noUser)
    await expectRefusal(add('nobody', 'nothing'), 'NoSuchEntityException', noUser)
    await expectRefusal(
      add('reader', 'nothing'),
      'NoSuchEntityException',
      'The group with name nothing cannot be found.',
    )
  })

  it('refuses callers without permission on the group; permission on the user is not enough', async () => {
    const arn = `arn:aws:iam::${server.accountId}:group/Readers`
    const call = new AddUserToGroupCommand({ UserName: 'reader', GroupName: 'readers' })
    await expectDenied(server, (iam) => iam.send(call), 'iam:AddUserToGroup', arn)
  })
})
