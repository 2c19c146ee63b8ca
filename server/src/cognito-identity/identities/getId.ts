import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { guestRefusal } from './guest-rules.ts'
import { insertIdentity } from './identity-store.ts'
import { linkLogins, newIdentityId } from './link.ts'
import { requireLinked } from './link-refusals.ts'
import { givenLogins, verifyLogins } from './verify-logins.ts'

/**
 * docs/reference/identity-pools-sts-iam-sync.md 4.3: a new identity for every guest, always the same one for a login.
 */
export const getId = operation('GetId', async (context, { input, pool, fail }) => {
  if (input.AccountId !== undefined && input.AccountId !== context.config.accountId)
    throw fail('NotAuthorizedException', 'Access to this identity pool is forbidden.')
  const given = givenLogins(input.Logins)
  if (given.length === 0) {
    enforce(fail, guestRefusal(pool.settings))
    const id = newIdentityId(context)
    await insertIdentity(context.db, { id, poolId: pool.id, logins: [] }, context.clock.now())
    return { IdentityId: id }
  }
  const logins = await verifyLogins(context, pool, given)
  return { IdentityId: requireLinked(fail, await linkLogins(context, pool, logins)).id }
})
