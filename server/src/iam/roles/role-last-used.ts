import type { Context } from '../../context.ts'
import type { RoleLastUsed } from '../../contract/iam.types.ts'
import type { Role } from '../entity-types.ts'

/** When and where a role was used last; empty when it never was. */
export async function roleLastUsed({ lastUsed }: Pick<Context, 'lastUsed'>, role: Role): Promise<RoleLastUsed> {
  const use = await lastUsed.find(role.id)
  return use ? { LastUsedDate: new Date(use.usedAt), Region: use.region } : {}
}
