import { issuePoolToken } from '../../federation/identity-pool-token.ts'
import { enforce } from '../../refusal-rules.ts'
import { principalTags } from '../credentials/principal-tags.ts'
import { operation } from '../operation.ts'
import { authenticatedBy, GUEST_AMR } from './amr-rules.ts'
import { classicFlowRefusal } from './classic-flow-rules.ts'
import { noteGuestUse } from './guest-removal.ts'
import { guestRefusal } from './guest-rules.ts'
import { linkLogins } from './link.ts'
import { requireLinked } from './link-refusals.ts'
import { requireIdentity } from './require-identity.ts'
import { givenLogins, verifyLogins } from './verify-logins.ts'

/** Seconds (docs/reference/identity-pools-sts-iam-sync.md 4.4). */
const LIFE = 600

/** The classic flow's token, for STS. */
export const getOpenIdToken = operation('GetOpenIdToken', async (context, { input, fail }) => {
  const { identity, pool } = await requireIdentity(context, input.IdentityId)
  const given = givenLogins(input.Logins)
  if (given.length === 0) enforce(fail, guestRefusal(pool.settings, identity))
  enforce(fail, classicFlowRefusal(pool.settings))
  if (given.length === 0) {
    noteGuestUse(context, identity.id)
    const Token = await issuePoolToken(context, {
      identityId: identity.id,
      poolId: pool.id,
      amr: GUEST_AMR,
      seconds: LIFE,
    })
    return { IdentityId: identity.id, Token }
  }
  const logins = await verifyLogins(context, pool, given)
  const { id } = requireLinked(fail, await linkLogins(context, pool, logins, identity), identity.id)
  const Token = await issuePoolToken(context, {
    identityId: id,
    poolId: pool.id,
    amr: authenticatedBy(logins),
    tags: principalTags(pool.settings, logins),
    seconds: LIFE,
  })
  return { IdentityId: id, Token }
})
