import {
  CreateRoleCommand,
  DeleteRoleCommand,
  ListRolesCommand,
  paginateListRoles,
  type Role,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const trust = policy({ Action: 'sts:AssumeRole', Principal: { Service: 'x.amazonaws.com' } })

describe.each(engines)('ListRoles (%s)', (engine) => {
  const server = useTestServer({ engine })
  const create = (RoleName: string, Path?: string) =>
    iamClient(server).send(
      new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: trust, Tags: [{ Key: 'k', Value: 'v' }] }),
    )
  const list = (input: { PathPrefix?: string; MaxItems?: number; Marker?: string | undefined } = {}) =>
    iamClient(server).send(new ListRolesCommand(input))
  const names = ({ Roles = [] }: { Roles?: Role[] | undefined }) => Roles.map(({ RoleName }) => RoleName)

  beforeAll(async () => {
    for (const [name, path] of [
      ['b', '/'],
      ['A', '/'],
      ['deep', '/team/one/'],
      ['case', '/Team/'],
      ['teammate', '/'],
      ['far', `/${'x'.repeat(510)}/`],
    ] as const)
      await create(name, path)
  })

  it('lists roles by path and name, without tags and last use', async () => {
    const answer = await list()
    expect(names(answer)).toEqual(['A', 'b', 'case', 'deep', 'teammate', 'far'])
    expect(answer.IsTruncated).toBe(false)
    expect(answer.Roles?.[0]).toEqual({
      Path: '/',
      RoleName: 'A',
      RoleId: expect.any(String),
      Arn: `arn:aws:iam::${server.accountId}:role/A`,
      CreateDate: expect.any(Date),
      AssumeRolePolicyDocument: encodeURIComponent(trust),
      MaxSessionDuration: 3600,
    })
  })

  it('lists what is below a path, by its case, and names are no paths', async () => {
    expect(names(await list({ PathPrefix: '/team' }))).toEqual(['deep'])
    expect(names(await list({ PathPrefix: '/Team/' }))).toEqual(['case'])
    expect(names(await list({ PathPrefix: '/nowhere/' }))).toEqual([])
  })

  it('pages, while roles are deleted that were shown', async () => {
    for (const name of ['page-1', 'page-2', 'page-3', 'page-4']) await create(name, '/paged/')
    const seen: (string | undefined)[] = []
    for await (const page of paginateListRoles({ client: iamClient(server), pageSize: 1 }, { PathPrefix: '/paged/' })) {
      seen.push(...names(page))
      for (const RoleName of names(page)) await iamClient(server).send(new DeleteRoleCommand({ RoleName }))
    }
    expect(seen).toEqual(['page-1', 'page-2', 'page-3', 'page-4'])
  })

  it('goes on after a role with the longest path', async () => {
    const all = await list()
    const pages: (string | undefined)[] = []
    for await (const page of paginateListRoles({ client: iamClient(server), pageSize: 1 }, {}))
      pages.push(...names(page))
    expect(pages).toEqual(names(all))
    await create('farther', `/${'x'.repeat(510)}/`)
    const { Marker } = await list({ PathPrefix: '/xx', MaxItems: 1 })
    expect(Marker?.length).toBeGreaterThan(320)
    expect(names(await list({ PathPrefix: '/xx', Marker }))).toEqual(['farther'])
  })

  it('ValidationError for a marker of another list, or none of ours', async () => {
    const { Marker } = await list({ MaxItems: 1 })
    for (const [PathPrefix, marker] of [
      ['/team/', Marker],
      ['/', `${Marker?.slice(0, -2)}xx`],
      ['/', 'x'],
    ] as const)
      await expectRefusal(list({ PathPrefix, Marker: marker }), 'ValidationError', 'Invalid Marker.')
    for (const MaxItems of [0, 1001]) await expectRefusal(list({ MaxItems }), 'ValidationError', /maxItems/)
  })

  it('refuses who may not', async () => {
    await expectDenied(server, (iam) => iam.send(new ListRolesCommand({})), 'iam:ListRoles', '*')
  })
})
