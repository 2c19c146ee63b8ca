// Permissions boundaries of roles and users: a managed policy that bounds what the other policies may grant.
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import { changeEntity, type Reference } from '../entity-changes.ts'
import type { Entity } from '../entity-types.ts'
import { refuseServiceLinked } from './holders.ts'
import { policyReference } from './managed-policies.ts'
import { addPolicyUse, removePolicyUse } from './policy-uses.ts'

type Bounded = 'role' | 'user'

/** Sets or replaces the boundary. */
export async function putBoundary(context: Context, reference: Reference<Bounded>, arn: string): Promise<void> {
  policyReference(context, arn)
  await changeEntity(context, reference, async (entity, db) => {
    refuseServiceLinked(entity)
    if (entity.settings.boundaryArn === arn) return entity.settings
    await releaseBoundary(context, entity, db)
    await addPolicyUse(context, db, entity.key, arn, 'boundary')
    return { ...entity.settings, boundaryArn: arn }
  })
}

/** Removes the boundary; without one nothing changes. */
export async function deleteBoundary(context: Context, reference: Reference<Bounded>): Promise<void> {
  await changeEntity(context, reference, async (entity, db) => {
    refuseServiceLinked(entity)
    const { boundaryArn, ...settings } = entity.settings
    if (boundaryArn === undefined) return entity.settings
    await releaseBoundary(context, entity, db)
    return settings as typeof entity.settings
  })
}

/** Removes the use of the boundary, also for a role or user that is being deleted. In a transaction. */
export async function releaseBoundary(context: Context, { key, settings }: Entity<Bounded>, db: Db): Promise<void> {
  if (settings.boundaryArn !== undefined) await removePolicyUse(context, db, key, settings.boundaryArn, 'boundary')
}

/** Adds the use of the boundary of a role or user that is being created. In a transaction. */
export async function takeBoundary(context: Context, key: string, arn: string | undefined, db: Db): Promise<void> {
  if (arn !== undefined) await addPolicyUse(context, db, key, arn, 'boundary')
}
