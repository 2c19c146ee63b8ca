import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreateUserCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DetachGroupPolicyCommand,
  GetGroupCommand,
  ListGroupsForUserCommand,
  PutGroupPolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

describe.each(engines)('DeleteGroup (%s)', (engine) => {
  const server = useTestServer({ engine })
  const create = (GroupName: string) => iamClient(server).send(new CreateGroupCommand({ GroupName }))
  const remove = (GroupName: string) => iamClient(server).send(new DeleteGroupCommand({ GroupName }))

  it('removes a group, by its name in any case', async () => {
    await create('Gone')
    await remove('gONE')
    const message = 'The group with name gone cannot be found.'
    await expectRefusal(remove('gone'), 'NoSuchEntityException', message)
    await expectRefusal(
      iamClient(server).send(new GetGroupCommand({ GroupName: 'gone' })),
      'NoSuchEntityException',
      message,
    )
  })

  it('DeleteConflict until members and policies are removed', async () => {
    const iam = iamClient(server)
    const GroupName = 'laden'
    const PolicyArn = 'arn:aws:iam::aws:policy/IAMFullAccess'
    await create(GroupName)
    await iam.send(new CreateUserCommand({ UserName: 'member' }))
    await iam.send(new AddUserToGroupCommand({ UserName: 'member', GroupName }))
    await iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn }))
    const PolicyDocument = policy({ Action: 'sts:*' })
    await iam.send(new PutGroupPolicyCommand({ GroupName, PolicyName: 'inline', PolicyDocument }))
    const refused = (what: string) =>
      expectRefusal(remove(GroupName), 'DeleteConflictException', `Cannot delete entity, must ${what} first.`)

    await refused('remove users from group')
    await iam.send(new RemoveUserFromGroupCommand({ UserName: 'member', GroupName }))
    await refused('detach all policies')
    await iam.send(new DetachGroupPolicyCommand({ GroupName, PolicyArn }))
    await refused('delete policies')
    await iam.send(new DeleteGroupPolicyCommand({ GroupName, PolicyName: 'inline' }))
    await remove(GroupName)
    await create(GroupName)
    expect((await iam.send(new GetGroupCommand({ GroupName }))).Users).toEqual([])
  })

  it('leaves no member of a deleted group', async () => {
    const iam = iamClient(server)
    for (let round = 0; round < 8; round++) {
      const name = `race${round}`
      await create(name)
      await iam.send(new CreateUserCommand({ UserName: name }))
      const [removed, added] = await Promise.allSettled([
        remove(name),
        iam.send(new AddUserToGroupCommand({ UserName: name, GroupName: name })),
      ])
      const { Groups } = await iam.send(new ListGroupsForUserCommand({ UserName: name }))
      if (removed.status === 'fulfilled') {
        expect(added).toMatchObject({ status: 'rejected', reason: { name: 'NoSuchEntityException' } })
        expect(Groups).toEqual([])
        await create(name)
        expect((await iam.send(new GetGroupCommand({ GroupName: name }))).Users).toEqual([])
      } else {
        expect([removed.reason.name, added.status]).toEqual(['DeleteConflictException', 'fulfilled'])
        expect(Groups).toHaveLength(1)
      }
    }
  })

  it('refuses callers without permission', async () => {
    await create('kept')
    const arn = `arn:aws:iam::${server.accountId}:group/kept`
    const call = new DeleteGroupCommand({ GroupName: 'kept' })
    await expectDenied(server, (iam) => iam.send(call), 'iam:DeleteGroup', arn)
  })
})
