// All users, groups, roles and policies of the account, in one paginated list.
import type { Context } from '../../context.ts'
import type { EntityType, GetAccountAuthorizationDetailsResponse } from '../../contract/iam.types.ts'
import { awsManagedPolicies } from '../aws-managed-policies.ts'
import { findEntities, listEntities, pathKey } from '../entity-store.ts'
import type { Group, ManagedPolicy, Role, User } from '../entity-types.ts'
import { operation } from '../operation.ts'
import { pageOf, pageSize, positionOf } from '../pagination.ts'
import { countPolicyUsers } from '../policies/attachment-store.ts'
import { awsPolicyDetail, groupDetail, managedPolicyDetail, roleDetail, userDetail } from './authorization-details.ts'

type Details = Required<
  Pick<GetAccountAuthorizationDetailsResponse, 'UserDetailList' | 'GroupDetailList' | 'RoleDetailList' | 'Policies'>
>

/** An entry of the list: its position, and a function that adds it to the answer. */
interface Row {
  position: string
  addTo(details: Details): Promise<unknown> | unknown
}

interface Section {
  type: EntityType
  rows(context: Context, after: string | undefined, limit: number): Promise<Row[]>
}

const entitySection = <Kind extends 'user' | 'group' | 'role' | 'policy'>(
  type: EntityType,
  kind: Kind,
  add: (context: Context, entity: never, details: Details) => Promise<unknown> | unknown,
): Section => ({
  type,
  async rows(context, after, limit) {
    const entities = await listEntities(context.db, kind, { pathPrefix: '', after, limit })
    return entities.map((entity) => ({
      position: pathKey(entity.settings as { path: string; name: string }),
      addTo: (details) => add(context, entity as never, details),
    }))
  },
})

/** In the order of the list. Of AWS's policies only those that are in use. */
const sections: readonly Section[] = [
  entitySection('User', 'user', async (context, user: User, { UserDetailList }) => {
    const groups: Group[] = await findEntities(context.db, 'group', user.settings.groups)
    UserDetailList.push(userDetail(context, user, groups))
  }),
  entitySection('Group', 'group', (context, group: Group, { GroupDetailList }) =>
    GroupDetailList.push(groupDetail(context, group)),
  ),
  entitySection('Role', 'role', async (context, role: Role, { RoleDetailList }) =>
    RoleDetailList.push(await roleDetail(context, role)),
  ),
  entitySection('LocalManagedPolicy', 'policy', (context, policy: ManagedPolicy, { Policies }) =>
    Policies.push(managedPolicyDetail(context, policy)),
  ),
  {
    type: 'AWSManagedPolicy',
    async rows({ db }, after) {
      const rest = awsManagedPolicies.filter((policy) => after === undefined || pathKey(policy) > after)
      const counted = await Promise.all(
        rest.map(async (policy) => ({ policy, counts: await countPolicyUsers(db, policy.arn) })),
      )
      return counted
        .filter(({ counts }) => counts.attached + counts.boundary > 0)
        .map(({ policy, counts }) => ({
          position: pathKey(policy),
          addTo: ({ Policies }) => Policies.push(awsPolicyDetail(policy, counts)),
        }))
    },
  },
]

export const getAccountAuthorizationDetails = operation(
  'GetAccountAuthorizationDetails',
  async (context, { input }) => {
    const { Filter = [] } = input
    const scope = { operation: 'GetAccountAuthorizationDetails', request: [[...new Set(Filter)].sort().join(' ')] }
    const size = pageSize(input)
    const [startType, after] = splitPosition(positionOf(context, scope, input))
    const wanted = sections.filter(({ type }) => Filter.length === 0 || Filter.includes(type))
    const start = Math.max(
      0,
      wanted.findIndex(({ type }) => type === startType),
    )
    const rows: Row[] = []
    for (const { type, rows: read } of wanted.slice(start)) {
      const found = await read(context, type === startType ? after : undefined, size + 1 - rows.length)
      rows.push(...found.map((row) => ({ ...row, position: `${type} ${row.position}` })))
      if (rows.length > size) break
    }
    const { entries, end } = pageOf(context, scope, rows, size, ({ position }) => position)
    const details: Details = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] }
    for (const entry of entries) await entry.addTo(details)
    return { ...details, ...end }
  },
)

/** The section of a position, and the position within it. */
function splitPosition(position: string | undefined): [type: string | undefined, after: string | undefined] {
  if (position === undefined) return [undefined, undefined]
  const space = position.indexOf(' ')
  return [position.slice(0, space), position.slice(space + 1)]
}
