import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  CreateUserCommand,
  ListGroupsForUserCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe('ListGroupsForUser', () => {
  const server = useTestServer()
  const list = (input: { UserName: string; MaxItems?: number; Marker?: string }) =>
    iamClient(server).send(new ListGroupsForUserCommand(input))

  beforeAll(async () => {
    await iamClient(server).send(new CreateUserCommand({ UserName: 'member' }))
    await iamClient(server).send(new CreateUserCommand({ UserName: 'loner' }))
  })

  it('lists groups in the order of their names, in pages', async () => {
    for (const GroupName of ['c', 'a', 'B']) {
      await iamClient(server).send(new CreateGroupCommand({ GroupName, Path: '/x/' }))
      await iamClient(server).send(new AddUserToGroupCommand({ GroupName, UserName: 'member' }))
    }
    const { Groups, IsTruncated, Marker } = await list({ UserName: 'Member', MaxItems: 2 })
    expect(IsTruncated).toBe(true)
    expect(Groups).toMatchObject([
      { GroupName: 'a', Path: '/x/', Arn: `arn:aws:iam::${server.accountId}:group/x/a` },
      { GroupName: 'B', GroupId: expect.stringMatching(/^AGPA/), CreateDate: expect.any(Date) },
    ])
    const rest = await list({ UserName: 'member', Marker })
    expect(rest).toMatchObject({ Groups: [{ GroupName: 'c' }], IsTruncated: false })
    expect(await list({ UserName: 'loner' })).toMatchObject({ Groups: [], IsTruncated: false })
    await expectRefusal(list({ UserName: 'loner', Marker }), 'ValidationError', 'Invalid Marker.')
  })

  it('NoSuchEntity for an unknown user', async () => {
    const message = 'The user with name nobody cannot be found.'
    await expectRefusal(list({ UserName: 'nobody' }), 'NoSuchEntityException', message)
  })

  it('refuses callers without permission', async () => {
    const call = new ListGroupsForUserCommand({ UserName: 'loner' })
    const arn = `arn:aws:iam::${server.accountId}:user/loner`
    await expectDenied(server, (iam) => iam.send(call), 'iam:ListGroupsForUser', arn)
  })
})
