import { AddUserToGroupCommand, CreateGroupCommand, CreateUserCommand, GetGroupCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe.each(engines)('GetGroup (%s)', (engine) => {
  const server = useTestServer({ engine })
  const get = (GroupName: string, page: { MaxItems?: number; Marker?: string | undefined } = {}) =>
    iamClient(server).send(new GetGroupCommand({ GroupName, ...page }))

  it('shows the group, by its name in any case, and its members in pages', async () => {
    const iam = iamClient(server)
    const { Group } = await iam.send(new CreateGroupCommand({ GroupName: 'Staff' }))
    expect(await get('staff')).toMatchObject({ Group, Users: [], IsTruncated: false })
    const names = ['e', 'c', 'A', 'd', 'b']
    await Promise.all(names.map((UserName) => iam.send(new CreateUserCommand({ UserName, Path: '/p/' }))))
    await Promise.all(names.map((UserName) => iam.send(new AddUserToGroupCommand({ UserName, GroupName: 'STAFF' }))))
    const seen: unknown[] = []
    let Marker: string | undefined
    do {
      const page = await get('Staff', { MaxItems: 2, Marker })
      expect(page.Group).toEqual(Group)
      expect(page.IsTruncated).toBe(page.Marker !== undefined)
      seen.push(...(page.Users ?? []).map(({ UserName }) => UserName))
      Marker = page.Marker
    } while (Marker !== undefined)
    expect(seen).toEqual(['A', 'b', 'c', 'd', 'e'])
    expect((await get('Staff', { MaxItems: 1 })).Users).toEqual([
      {
        Path: '/p/',
        UserName: 'A',
        UserId: expect.stringMatching(/^AIDA/),
        Arn: `arn:aws:iam::${server.accountId}:user/p/A`,
        CreateDate: expect.any(Date),
      },
    ])
  })

  it('ValidationError for a marker of another group', async () => {
    await iamClient(server).send(new CreateGroupCommand({ GroupName: 'Empty' }))
    const { Marker } = await get('Staff', { MaxItems: 1 })
    await expectRefusal(get('Empty', { Marker }), 'ValidationError', 'Invalid Marker.')
  })

  it('NoSuchEntity for an unknown group', async () => {
    await expectRefusal(get('nothing'), 'NoSuchEntityException', 'The group with name nothing cannot be found.')
  })

  it('refuses callers without permission', async () => {
    const arn = `arn:aws:iam::${server.accountId}:group/Staff`
    await expectDenied(server, (iam) => iam.send(new GetGroupCommand({ GroupName: 'staff' })), 'iam:GetGroup', arn)
  })
})
