// Managed policies: AWS's first, then the account's own by path and name.
import type { Context } from '../../context.ts'
import type { ListPoliciesRequest, Policy } from '../../contract/iam.types.ts'
import { awsManagedPolicies } from '../aws-managed-policies.ts'
import { listEntities, pathKey } from '../entity-store.ts'
import { operation } from '../operation.ts'
import { pageOf, pageSize, positionOf } from '../pagination.ts'
import { countPolicyUsers } from './attachment-store.ts'
import { listedAwsPolicy, listedPolicy } from './policy-type.ts'

interface Row {
  /** `aws` or `own`, and the position in that list. */
  place: string
  policy: Policy
}

/**
 * The account's policies are found by the path without case and filtered after that, so a page may be shorter than
 * MaxItems, as the API allows.
 */
export const listPolicies = operation('ListPolicies', async (context, { input }) => {
  const { Scope = 'All', OnlyAttached = false, PathPrefix = '/', PolicyUsageFilter } = input
  const scope = { operation: 'ListPolicies', request: [Scope, String(OnlyAttached), PathPrefix, PolicyUsageFilter] }
  const size = pageSize(input)
  const after = positionOf(context, scope, input)
  const rows = Scope === 'Local' ? [] : await awsRows(context, after)
  if (Scope !== 'AWS' && rows.length <= size) {
    const afterOwn = after?.startsWith('own ') ? after.slice('own '.length) : undefined
    const range = { pathPrefix: PathPrefix, after: afterOwn, limit: size + 1 - rows.length }
    for (const policy of await listEntities(context.db, 'policy', range))
      rows.push({
        place: `own ${pathKey(policy.settings)}`,
        policy: listedPolicy(context.config.accountId, policy),
      })
  }
  const { entries, end } = pageOf(context, scope, rows, size, ({ place }) => place)
  const wanted = entries.filter(({ policy }) => isWanted(policy, { OnlyAttached, PathPrefix, PolicyUsageFilter }))
  return { Policies: wanted.map(({ policy }) => policy), ...end }
})

async function awsRows(context: Context, after: string | undefined): Promise<Row[]> {
  const rest = awsManagedPolicies
    .map((policy) => ({ place: `aws ${pathKey(policy)}`, builtIn: policy }))
    .filter(({ place }) => after === undefined || place > after)
  return Promise.all(
    rest.map(async ({ place, builtIn }) => ({
      place,
      policy: listedAwsPolicy(builtIn, await countPolicyUsers(context.db, builtIn.arn)),
    })),
  )
}

function isWanted(
  { Path, AttachmentCount = 0, PermissionsBoundaryUsageCount = 0 }: Policy,
  {
    OnlyAttached,
    PathPrefix,
    PolicyUsageFilter,
  }: Pick<ListPoliciesRequest, 'OnlyAttached' | 'PolicyUsageFilter'> & {
    PathPrefix: string
  },
): boolean {
  if (!Path?.startsWith(PathPrefix)) return false
  if (OnlyAttached && AttachmentCount + PermissionsBoundaryUsageCount === 0) return false
  if (PolicyUsageFilter === 'PermissionsPolicy') return AttachmentCount > 0
  if (PolicyUsageFilter === 'PermissionsBoundary') return PermissionsBoundaryUsageCount > 0
  return true
}
