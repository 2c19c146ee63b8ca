import {
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  type IAMClient,
  ListGroupsCommand,
  ListRolesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../test/harness.ts'
import { expectDenied, policy } from '../../test/iam.ts'
import { type HolderKind, holders, onEngines, type PageInput, type PageOutput } from '../../test/iam-holders.ts'

type ListInput = PageInput & { PathPrefix?: string | undefined }
type Row = {
  kind: HolderKind
  operation: string
  list: (iam: IAMClient, input: ListInput) => Promise<PageOutput>
  /** The entries of a page. */
  entries: (page: never) => readonly object[] | undefined
  nameMember: string
  make: (iam: IAMClient, name: string, Path: string) => Promise<unknown>
  /** All that a list shows of an entry, its path and names aside. */
  shown: object
}

const Tags = [{ Key: 'k', Value: 'v' }]
const trust = policy({ Action: 'sts:AssumeRole', Principal: { Service: 'x.amazonaws.com' } })

const rows: readonly Row[] = [
  {
    kind: 'user',
    operation: 'ListUsers',
    list: (iam, input) => iam.send(new ListUsersCommand(input)),
    entries: ({ Users }: { Users: object[] }) => Users,
    nameMember: 'UserName',
    make: (iam, UserName, Path) => iam.send(new CreateUserCommand({ UserName, Path, Tags })),
    shown: { UserId: expect.any(String) },
  },
  {
    kind: 'group',
    operation: 'ListGroups',
    list: (iam, input) => iam.send(new ListGroupsCommand(input)),
    entries: ({ Groups }: { Groups: object[] }) => Groups,
    nameMember: 'GroupName',
    make: (iam, GroupName, Path) => iam.send(new CreateGroupCommand({ GroupName, Path })),
    shown: { GroupId: expect.any(String) },
  },
  {
    kind: 'role',
    operation: 'ListRoles',
    list: (iam, input) => iam.send(new ListRolesCommand(input)),
    entries: ({ Roles }: { Roles: object[] }) => Roles,
    nameMember: 'RoleName',
    make: (iam, RoleName, Path) =>
      iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: trust, Tags })),
    shown: {
      RoleId: expect.any(String),
      AssumeRolePolicyDocument: encodeURIComponent(trust),
      MaxSessionDuration: 3600,
    },
  },
]

describe.each(onEngines(rows))(
  '$operation ($engine)',
  ({ engine, kind, operation, nameMember, make, shown, ...row }) => {
    const server = useTestServer({ engine })
    const list = (input: ListInput = {}) => row.list(iamClient(server), input)
    const entriesOf = (page: PageOutput) => row.entries(page as never) as Record<string, unknown>[]
    const namesOf = (page: PageOutput) => entriesOf(page).map((entry) => entry[nameMember] as string)
    const names = async (input: ListInput = {}) => namesOf(await list(input))
    const create = (name: string, path: string) => make(iamClient(server), name, path)
    const deep = `/${'x'.repeat(510)}/`
    const all = ['Adam', 'divider', 'carla', 'doris', 'bert', 'far']

    beforeAll(async () => {
      expect(await list()).toMatchObject({ IsTruncated: false })
      expect(await names()).toEqual([])
      for (const [path, name] of [
        ['/', 'divider'],
        [deep, 'far'],
        ['/', 'Adam'],
        ['/division/', 'carla'],
        ['/division/east/', 'bert'],
        ['/Division/', 'doris'],
      ] as const)
        await create(name, path)
    })

    it('lists all in the order of path and name, without tags and last use', async () => {
      const answer = await list()
      expect(namesOf(answer)).toEqual(all)
      expect([answer.IsTruncated, answer.Marker]).toEqual([false, undefined])
      expect(entriesOf(answer)[0]).toEqual({
        Path: '/',
        [nameMember]: 'Adam',
        Arn: `arn:aws:iam::${server.accountId}:${kind}/Adam`,
        CreateDate: expect.any(Date),
        ...shown,
      })
    })

    it('filters by path with its case, and not by a name that looks like a path', async () => {
      expect(await names({ PathPrefix: '/division/' })).toEqual(['carla', 'bert'])
      expect(await names({ PathPrefix: '/div' })).toEqual(['carla', 'bert'])
      expect(await names({ PathPrefix: '/Division/' })).toEqual(['doris'])
      expect(await names({ PathPrefix: '/nothing/' })).toEqual([])
    })

    it.each([1, 2, 4])('gives pages of at most %i', async (MaxItems) => {
      const seen: string[] = []
      let Marker: string | undefined
      do {
        const page = await list({ MaxItems, Marker })
        expect(page.IsTruncated).toBe(page.Marker !== undefined)
        expect(namesOf(page).length).toBeLessThanOrEqual(MaxItems)
        seen.push(...namesOf(page))
        Marker = page.Marker
      } while (Marker !== undefined)
      expect(seen).toEqual(all)
    })

    it('gives pages while entries of earlier pages are deleted', async () => {
      const paged = ['page-1', 'page-2', 'page-3', 'page-4']
      for (const name of paged) await create(name, '/paged/')
      const seen: string[] = []
      let Marker: string | undefined
      do {
        const page = await list({ PathPrefix: '/paged/', MaxItems: 1, Marker })
        seen.push(...namesOf(page))
        for (const name of namesOf(page)) await holders[kind].remove(iamClient(server), name)
        Marker = page.Marker
      } while (Marker !== undefined)
      expect(seen).toEqual(paged)
    })

    it('continues after an entry with the longest path', async () => {
      const longest = ['y'.repeat(64), 'z'.repeat(64)]
      for (const name of longest) await create(name, deep)
      const { Marker } = await list({ PathPrefix: '/xx', MaxItems: 2 })
      expect(Marker?.length).toBeGreaterThan(320)
      expect(await names({ PathPrefix: '/xx', MaxItems: 2, Marker })).toEqual(longest.slice(1))
      for (const name of longest) await holders[kind].remove(iamClient(server), name)
    })

    it('ValidationError for a marker of another list or server, and for an empty page size', async () => {
      const { Marker } = await list({ MaxItems: 1 })
      const { Marker: below } = await list({ MaxItems: 1, PathPrefix: '/d' })
      for (const [PathPrefix, marker] of [
        [undefined, below],
        ['/division/', Marker],
        ['/', `${Marker?.slice(0, -2)}xx`],
        ['/', 'x'],
      ] as const)
        await expectRefusal(list({ PathPrefix, Marker: marker }), 'ValidationError', 'Invalid Marker.')
      for (const MaxItems of [0, 1001]) await expectRefusal(list({ MaxItems }), 'ValidationError', /maxItems/)
    })

    it('refuses callers without permission', async () => {
      await expectDenied(server, (iam) => row.list(iam, {}), `iam:${operation}`, '*')
    })
  },
)
