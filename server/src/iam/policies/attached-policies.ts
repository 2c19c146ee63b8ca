// Managed policies attached to roles, users and groups.
import type { Context } from '../../context.ts'
import type { AttachedPolicy } from '../../contract/iam.types.ts'
import { changeEntity, requireEntity } from '../entity-changes.ts'
import { noSuchPolicyError, quotaExceededError } from '../iam-errors.ts'
import { attachmentQuotas } from '../limits.ts'
import { type PageEnd, type PageRequest, pageOfValues } from '../pagination.ts'
import { type HolderReference, refuseServiceLinked } from './holders.ts'
import { policyNameOf, policyReference } from './managed-policies.ts'
import { addPolicyUse, removePolicyUse } from './policy-uses.ts'

/** Attaching a policy again changes nothing. */
export async function attachPolicy(context: Context, reference: HolderReference, arn: string): Promise<void> {
  policyReference(context, arn)
  await changeEntity(context, reference, async (holder, db) => {
    refuseServiceLinked(holder)
    const { kind, key, settings } = holder
    if (settings.attachedPolicies.includes(arn)) return settings
    await addPolicyUse(context, db, key, arn, 'attached')
    if (settings.attachedPolicies.length >= attachmentQuotas[kind].max) throw quotaExceededError(attachmentQuotas[kind])
    return { ...settings, attachedPolicies: [...settings.attachedPolicies, arn] }
  })
}

/** Throws NoSuchEntity for a policy that is not attached. */
export async function detachPolicy(context: Context, reference: HolderReference, arn: string): Promise<void> {
  policyReference(context, arn)
  await changeEntity(context, reference, async (holder, db) => {
    refuseServiceLinked(holder)
    const { key, settings } = holder
    if (!settings.attachedPolicies.includes(arn)) throw noSuchPolicyError(arn)
    await removePolicyUse(context, db, key, arn, 'attached')
    return { ...settings, attachedPolicies: settings.attachedPolicies.filter((attached) => attached !== arn) }
  })
}

/** The policy as lists show it. */
export const attachedPolicy = (arn: string): AttachedPolicy => ({ PolicyName: policyNameOf(arn).name, PolicyArn: arn })

/** In the order of ARNs; `PathPrefix` filters by the path of the policy. */
export async function listAttachedPolicies(
  context: Context,
  operation: string,
  reference: HolderReference,
  request: PageRequest & { PathPrefix?: string | undefined },
): Promise<{ AttachedPolicies: AttachedPolicy[] } & PageEnd> {
  const { key, settings } = await requireEntity(context.db, reference)
  const { PathPrefix = '/' } = request
  const arns = settings.attachedPolicies.filter((arn) => policyNameOf(arn).path.startsWith(PathPrefix))
  const scope = { operation, request: [key, PathPrefix] }
  const { entries, end } = pageOfValues(context, scope, request, arns, (arn) => arn)
  return { AttachedPolicies: entries.map(attachedPolicy), ...end }
}
