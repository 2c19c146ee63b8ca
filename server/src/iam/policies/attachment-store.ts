// Statements on the users of managed policies: the reverse index of the attached policies and boundaries in entities'
// rows. A row is always written together with the entity's own.
import { affectedRows, type Db } from '../../database/database.ts'
import type { HolderKind } from '../limits.ts'

export type PolicyUse = 'attached' | 'boundary'

export interface Attachment {
  entityKey: string
  policyArn: string
  use: PolicyUse
}

const columnsOf = ({ entityKey, policyArn, use }: Attachment) => ({
  entity_key: entityKey,
  policy_arn: policyArn,
  use,
})

/** Ignores a row that exists: a concurrent change is detected at the entity's row, not by an error here. */
export async function insertAttachment(db: Db, attachment: Attachment): Promise<void> {
  await db
    .insertInto('iam_attachments')
    .values(columnsOf(attachment))
    .onConflict((conflict) => conflict.columns(['entity_key', 'policy_arn', 'use']).doNothing())
    .execute()
}

/** False when there was none. */
export async function deleteAttachment(db: Db, attachment: Attachment): Promise<boolean> {
  const { entity_key, policy_arn, use } = columnsOf(attachment)
  const result = await db
    .deleteFrom('iam_attachments')
    .where('entity_key', '=', entity_key)
    .where('policy_arn', '=', policy_arn)
    .where('use', '=', use)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

export interface AttachmentRange {
  policyArn: string
  use: PolicyUse | undefined
  kind: HolderKind | undefined
  /** The key of the last entity of the page before. */
  after: string | undefined
  limit: number
}

/** Keys of entities that use a policy, sorted; an entity that uses it both ways is listed once. */
export async function listPolicyUsers(
  db: Db,
  { policyArn, use, kind, after, limit }: AttachmentRange,
): Promise<string[]> {
  let query = db.selectFrom('iam_attachments').select('entity_key').distinct().where('policy_arn', '=', policyArn)
  if (use !== undefined) query = query.where('use', '=', use)
  // `0` is the character after `/`.
  if (kind !== undefined) query = query.where('entity_key', '>', `${kind}/`).where('entity_key', '<', `${kind}0`)
  if (after !== undefined) query = query.where('entity_key', '>', after)
  const rows = await query.orderBy('entity_key').limit(limit).execute()
  return rows.map((row) => row.entity_key)
}

/** How many entities use a policy in each way. For AWS managed policies, which have no row with counts. */
export async function countPolicyUsers(db: Db, policyArn: string): Promise<Record<PolicyUse, number>> {
  const rows = await db
    .selectFrom('iam_attachments')
    .select((row) => ['use', row.fn.countAll<number | string>().as('users')])
    .where('policy_arn', '=', policyArn)
    .groupBy('use')
    .execute()
  const usersAs = (use: PolicyUse) => Number(rows.find((row) => row.use === use)?.users ?? 0)
  return { attached: usersAs('attached'), boundary: usersAs('boundary') }
}

/** Moves the attachments of a renamed entity to its new key. */
export async function moveAttachments(db: Db, fromKey: string, toKey: string): Promise<void> {
  const rows = await db.deleteFrom('iam_attachments').where('entity_key', '=', fromKey).returningAll().execute()
  if (rows.length === 0) return
  await db
    .insertInto('iam_attachments')
    .values(rows.map((row) => ({ ...row, entity_key: toKey })))
    .execute()
}
