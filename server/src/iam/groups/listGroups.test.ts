import { CreateGroupCommand, ListGroupsCommand, type ListGroupsCommandInput } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe('ListGroups', () => {
  const server = useTestServer()
  const list = (input: ListGroupsCommandInput = {}) => iamClient(server).send(new ListGroupsCommand(input))

  it('lists in the order of path and name, below a path, in pages', async () => {
    expect(await list()).toMatchObject({ Groups: [], IsTruncated: false })
    for (const [Path, GroupName] of [
      ['/b/', 'two'],
      ['/', 'zero'],
      ['/b/', 'One'],
    ] as const)
      await iamClient(server).send(new CreateGroupCommand({ Path, GroupName }))
    const namesOf = async (input: ListGroupsCommandInput) => (await list(input)).Groups?.map((group) => group.GroupName)
    expect(await namesOf({})).toEqual(['One', 'two', 'zero'])
    expect(await namesOf({ PathPrefix: '/b/' })).toEqual(['One', 'two'])
    const { IsTruncated, Marker } = await list({ MaxItems: 1 })
    expect(IsTruncated).toBe(true)
    expect(await namesOf({ Marker })).toEqual(['two', 'zero'])
    await expectRefusal(list({ Marker: 'x' }), 'ValidationError', 'Invalid Marker.')
  })

  it('refuses who may not', async () => {
    await expectDenied(server, (iam) => iam.send(new ListGroupsCommand({})), 'iam:ListGroups', '*')
  })
})
