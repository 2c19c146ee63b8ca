// Inline policies of roles, users and groups. Their names come from callers: `__proto__` is a valid one.
import type { Context } from '../../context.ts'
import { changeEntity, requireEntity } from '../entity-changes.ts'
import { noSuchInlinePolicyError } from '../iam-errors.ts'
import { type PageEnd, type PageRequest, pageOfValues } from '../pagination.ts'
import { encodePolicy } from './document-encoding-rules.ts'
import { type HolderReference, refuseServiceLinked } from './holders.ts'
import { checkInlinePolicy, checkInlineSize } from './policy-text.ts'

interface InlinePolicy {
  PolicyName: string
  PolicyDocument: string
}

/** Adds a policy, or replaces the one of that name. */
export async function putInlinePolicy(
  context: Context,
  reference: HolderReference,
  { PolicyName, PolicyDocument }: InlinePolicy,
): Promise<void> {
  checkInlinePolicy(PolicyDocument)
  await changeEntity(context, reference, (holder) => {
    refuseServiceLinked(holder)
    const inlinePolicies = { ...holder.settings.inlinePolicies, [PolicyName]: PolicyDocument }
    checkInlineSize(holder, inlinePolicies)
    return { ...holder.settings, inlinePolicies }
  })
}

/** The policy as Get…Policy returns it, and the holder's name. */
export async function getInlinePolicy(
  context: Context,
  reference: HolderReference,
  PolicyName: string,
): Promise<InlinePolicy & { holderName: string }> {
  const { settings } = await requireEntity(context.db, reference)
  const { inlinePolicies, name: holderName } = settings
  if (!Object.hasOwn(inlinePolicies, PolicyName)) throw noSuchInlinePolicyError(reference.kind, PolicyName)
  return { holderName, PolicyName, PolicyDocument: encodePolicy(inlinePolicies[PolicyName] as string) }
}

/** The names, sorted. */
export async function listInlinePolicies(
  context: Context,
  operation: string,
  reference: HolderReference,
  request: PageRequest,
): Promise<{ PolicyNames: string[] } & PageEnd> {
  const { key, settings } = await requireEntity(context.db, reference)
  const names = Object.keys(settings.inlinePolicies)
  const { entries, end } = pageOfValues(context, { operation, request: [key] }, request, names, (name) => name)
  return { PolicyNames: entries, ...end }
}

export async function deleteInlinePolicy(
  context: Context,
  reference: HolderReference,
  PolicyName: string,
): Promise<void> {
  await changeEntity(context, reference, (holder) => {
    refuseServiceLinked(holder)
    const { [PolicyName]: removed, ...inlinePolicies } = holder.settings.inlinePolicies
    if (removed === undefined || !Object.hasOwn(holder.settings.inlinePolicies, PolicyName))
      throw noSuchInlinePolicyError(reference.kind, PolicyName)
    return { ...holder.settings, inlinePolicies }
  })
}
