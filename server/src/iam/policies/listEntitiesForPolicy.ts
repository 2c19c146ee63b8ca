// The users, groups and roles that have a managed policy attached or as their boundary.
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

/** In the order of kinds and names; `PathPrefix` filters by the path of the role, user or group. */
export const listEntitiesForPolicy = operation('ListEntitiesForPolicy', async (context, { input }) => {
  const { PolicyArn, EntityFilter, PathPrefix = '/', PolicyUsageFilter } = input
  await findManagedPolicy(context, context.db, PolicyArn)
  const scope = {
    operation: 'ListEntitiesForPolicy',
    request: [PolicyArn, EntityFilter, PathPrefix, PolicyUsageFilter],
  }
  const size = pageSize(input)
  const after = positionOf(context, scope, input)
  // EntityFilter may also name kinds of policies, which have no policies attached.
  const keys = isPolicyFilter(EntityFilter)
    ? []
    : await listPolicyUsers(context.db, { ...rangeOf(input), after, limit: size + 1 })
  const { entries, end } = pageOf(context, scope, keys, size, (key) => key)
  const holdersOf = (kind: HolderKind) => findHolders(context.db, kind, entries, PathPrefix)
  return {
    PolicyGroups: (await holdersOf('group')).map(({ id, settings }) => ({ GroupName: settings.name, GroupId: id })),
    PolicyUsers: (await holdersOf('user')).map(({ id, settings }) => ({ UserName: settings.name, UserId: id })),
    PolicyRoles: (await holdersOf('role')).map(({ id, settings }) => ({ RoleName: settings.name, RoleId: id })),
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

async function findHolders(db: Db, kind: HolderKind, keys: readonly string[], pathPrefix: string): Promise<Holder[]> {
  const found = await findEntities(
    db,
    kind,
    keys.filter((key) => key.startsWith(`${kind}/`)),
  )
  return found
    .filter(({ settings }) => settings.path.startsWith(pathPrefix))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
}
