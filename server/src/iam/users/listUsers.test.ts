import { CreateUserCommand, ListUsersCommand, type ListUsersCommandInput, TagUserCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe.each(engines)('ListUsers (%s)', (engine) => {
  const server = useTestServer({ engine })
  const list = (input: ListUsersCommandInput = {}) => iamClient(server).send(new ListUsersCommand(input))
  const namesOf = async (input: ListUsersCommandInput) => (await list(input)).Users?.map(({ UserName }) => UserName)

  beforeAll(async () => {
    const users = [
      ['/', 'divider'],
      ['/', 'Adam'],
      ['/division/', 'carla'],
      ['/division/east/', 'bert'],
      ['/Division/', 'doris'],
    ] as const
    for (const [Path, UserName] of users) await iamClient(server).send(new CreateUserCommand({ Path, UserName }))
  })

  it('lists all in the order of path and name, without tags', async () => {
    await iamClient(server).send(new TagUserCommand({ UserName: 'Adam', Tags: [{ Key: 'k', Value: 'v' }] }))
    const { Users, IsTruncated, Marker } = await list()
    expect(Users?.map(({ UserName }) => UserName)).toEqual(['Adam', 'divider', 'carla', 'doris', 'bert'])
    expect({ IsTruncated, Marker }).toEqual({ IsTruncated: false, Marker: undefined })
    expect(Users?.[0]).not.toHaveProperty('Tags')
  })

  it('keeps to a path, and to its case, and to no name that looks like one', async () => {
    expect(await namesOf({ PathPrefix: '/division/' })).toEqual(['carla', 'bert'])
    expect(await namesOf({ PathPrefix: '/div' })).toEqual(['carla', 'bert'])
    expect(await namesOf({ PathPrefix: '/nothing/' })).toEqual([])
  })

  it('gives pages, whose marker belongs to one list', async () => {
    const seen: unknown[] = []
    let Marker: string | undefined
    do {
      const page = await list({ MaxItems: 2, Marker })
      expect(page.IsTruncated).toBe(page.Marker !== undefined)
      seen.push(...(page.Users ?? []).map(({ UserName }) => UserName))
      Marker = page.Marker
    } while (Marker !== undefined)
    expect(seen).toEqual(['Adam', 'divider', 'carla', 'doris', 'bert'])
    const { Marker: other } = await list({ MaxItems: 1, PathPrefix: '/d' })
    await expectRefusal(list({ Marker: other }), 'ValidationError', 'Invalid Marker.')
  })

  it('gives pages of users deep below', async () => {
    const deep = `/${'d'.repeat(510)}/`
    for (const UserName of ['x'.repeat(64), 'y'.repeat(64)])
      await iamClient(server).send(new CreateUserCommand({ Path: deep, UserName }))
    const { Marker } = await list({ PathPrefix: deep, MaxItems: 1 })
    expect(await namesOf({ PathPrefix: deep, MaxItems: 1, Marker })).toEqual(['y'.repeat(64)])
  })

  it('refuses who may not', async () => {
    await expectDenied(server, (iam) => iam.send(new ListUsersCommand({})), 'iam:ListUsers', '*')
  })
})
