// The uses of a managed policy. They are counted in the policy's row, so that a concurrent deletion conflicts there and
// a policy in use cannot be deleted, and indexed so that its users can be listed (attachment-store.ts). AWS managed
// policies cannot be deleted, so their uses are not counted.
import type { Context } from '../../context.ts'
import { Stale } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import { ApiError } from '../../errors.ts'
import { awsManagedPolicy } from '../aws-managed-policies.ts'
import { findEntity, updateEntity } from '../entity-store.ts'
import type { ManagedPolicy } from '../entity-types.ts'
import { noSuchBoundaryError, notAttachableError } from '../iam-errors.ts'
import { deleteAttachment, insertAttachment, type PolicyUse } from './attachment-store.ts'
import { SERVICE_ROLE_PATH } from './holders.ts'
import { policyReference } from './managed-policies.ts'

type Parts = Pick<Context, 'config'>

/**
 * In a transaction. Throws NoSuchEntity for an unknown policy, PolicyNotAttachable for that of a service-linked role.
 */
export async function addPolicyUse(
  context: Parts,
  db: Db,
  entityKey: string,
  policyArn: string,
  use: PolicyUse,
): Promise<void> {
  const builtIn = awsManagedPolicy(policyArn)
  if (builtIn?.path.startsWith(SERVICE_ROLE_PATH))
    throw new ApiError('PolicyNotAttachableException', 'Cannot attach a Service Role Policy to a Customer Role.')
  if (!builtIn) await changeUseCount(context, db, policyArn, use, 1)
  await insertAttachment(db, { entityKey, policyArn, use })
}

/** In a transaction. */
export async function removePolicyUse(
  context: Parts,
  db: Db,
  entityKey: string,
  policyArn: string,
  use: PolicyUse,
): Promise<void> {
  if (!awsManagedPolicy(policyArn)) await changeUseCount(context, db, policyArn, use, -1)
  await deleteAttachment(db, { entityKey, policyArn, use })
}

const counters = { attached: 'attachments', boundary: 'boundaryOf' } as const
const missingErrors = { attached: notAttachableError, boundary: noSuchBoundaryError } as const

async function changeUseCount(context: Parts, db: Db, arn: string, use: PolicyUse, change: 1 | -1): Promise<void> {
  const { key, means } = policyReference(context, arn)
  const policy: ManagedPolicy | undefined = await findEntity(db, 'policy', key)
  if (!policy || means?.(policy) === false) throw missingErrors[use](arn)
  const { settings } = policy
  const counted = { ...settings, [counters[use]]: settings[counters[use]] + change }
  // updatedAt stays the same: a use is not a change of the policy.
  if (!(await updateEntity(db, policy, counted, policy.updatedAt))) throw new Stale()
}
