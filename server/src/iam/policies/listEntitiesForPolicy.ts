// Who has a managed policy, attached or as a boundary.
import type { ListEntitiesForPolicyRequest } from '../../contract/iam.types.ts'
import type { Db } from '../../database/database.ts'
import { findEntities } from '../entity-store.ts'
import type { HolderKind } from '../limits.ts'
import { operation } from '../operation.ts'
import { pageOf, pageSize, positionOf } from '../pagination.ts'
import { type AttachmentRange, listPolicyUsers, type PolicyUse } from './attachment-store.ts'
import type { Holder } from './holders.ts'
import { findManagedPolicy } from './managed-policies.ts'

const kinds: Readonly<Partial<Record<string, HolderKind>>> = { Role: 'role', User: 'user', Group: 'group' }
const uses: Readonly<Record<string, PolicyUse>> = { PermissionsPolicy: 'attached', PermissionsBoundary: 'boundary' }

/** In the order of kinds and names; `PathPrefix` is about the paths of roles, users and groups. */
export const listEntitiesForPolicy = operation('ListEntitiesForPolicy', async (context, { input }) => {
  const { PolicyArn, EntityFilter, PathPrefix = '/', PolicyUsageFilter } = input
  await findManagedPolicy(context, context.db, PolicyArn)
  const scope = {
    operation: 'ListEntitiesForPolicy',
    request: [PolicyArn, EntityFilter, PathPrefix, PolicyUsageFilter],
  }
  const size = pageSize(input)
  const after = positionOf(context, scope, input)
  // Policies use no policies.
  const keys = isPolicyFilter(EntityFilter)
    ? []
    : await listPolicyUsers(context.db, { ...rangeOf(input), after, limit: size + 1 })
  const { entries, end } = pageOf(context, scope, keys, size, (key) => key)
  const usersOf = (kind: HolderKind) => users(context.db, kind, entries, PathPrefix)
  return {
    PolicyGroups: (await usersOf('group')).map(({ id, settings }) => ({ GroupName: settings.name, GroupId: id })),
    PolicyUsers: (await usersOf('user')).map(({ id, settings }) => ({ UserName: settings.name, UserId: id })),
    PolicyRoles: (await usersOf('role')).map(({ id, settings }) => ({ RoleName: settings.name, RoleId: id })),
    ...end,
  }
})

const isPolicyFilter = (filter: ListEntitiesForPolicyRequest['EntityFilter']): boolean =>
  filter !== undefined && kinds[filter] === undefined

const rangeOf = ({
  PolicyArn,
  EntityFilter,
  PolicyUsageFilter,
}: ListEntitiesForPolicyRequest): Omit<AttachmentRange, 'after' | 'limit'> => ({
  policyArn: PolicyArn,
  kind: EntityFilter && kinds[EntityFilter],
  use: PolicyUsageFilter && uses[PolicyUsageFilter],
})

async function users(db: Db, kind: HolderKind, keys: readonly string[], pathPrefix: string): Promise<Holder[]> {
  const found = await findEntities(
    db,
    kind,
    keys.filter((key) => key.startsWith(`${kind}/`)),
  )
  return found
    .filter(({ settings }) => settings.path.startsWith(pathPrefix))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
}
