import type { Context } from '../../context.ts'
import type { ExportedUserType } from '../../contract/cognito-idp.types.ts'
import { pageOf, positionOf } from '../../pagination.ts'
import { groupNamesOf } from '../groups/group-store.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { attributeList } from '../users/attribute-rules.ts'
import { hashTextOf } from '../users/credentials.ts'
import { turnedOnFactors } from '../users/mfa-settings.ts'
import { listUsersBySub } from '../users/user-list-store.ts'
import type { StoredUser } from '../users/user-store.ts'

/**
 * ExportUsers (not of AWS): all that `cognomen export` writes of the users of a pool, page by page (docs/import.md). Its
 * name begins so that no policy which lets somebody read (`Get*`, `List*`) lets them have password hashes.
 */
export const exportUsers = operation('ExportUsers', async (context, { input, pool }) => {
  const { NextToken, PasswordHashes: hashes = false } = input
  const scope = { operation: 'ExportUsers', request: [pool.id, String(hashes)] }
  const [after = ''] = positionOf(context, scope, NextToken) ?? []
  const size = limits.exportPage.max
  const users = await listUsersBySub(context.db, pool, undefined, after, size + 1)
  const page = pageOf(context, scope, users, size, ({ sub }) => [sub])
  const groups = await groupNamesOf(
    context.db,
    pool.id,
    page.entries.map(({ sub }) => sub),
  )
  const shown = page.entries.map((user) => exportedUser(context, user, groups.get(user.sub) ?? [], hashes))
  return { Users: shown, NextToken: page.token }
})

/** The password of a user who is not confirmed is a temporary one, or nobody has shown that the address is theirs. */
function exportedUser(context: Context, user: StoredUser, groups: string[], hashes: boolean): ExportedUserType {
  const hash = hashes && user.status === 'CONFIRMED' ? hashTextOf(context, user) : undefined
  return {
    Username: user.username,
    Attributes: attributeList(user),
    Enabled: user.enabled,
    UserStatus: user.status,
    MfaEnabled: turnedOnFactors(user.mfa).includes('SMS_MFA'),
    Groups: groups,
    ...(hash !== undefined && { PasswordHash: hash }),
  }
}
