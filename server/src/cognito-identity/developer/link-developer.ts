// Links a developer's user to an identity (docs/reference/identity-pools-sts-iam-sync.md 9). The backend is trusted: it
// may link a login to an identity that lost its last one, and a disabled identity that it names stands for the one that
// it was merged into.

import type { Context } from '../../context.ts'
import { withRetries } from '../../database/compare-and-set.ts'
import { findIdentity, findOwnerIds, type Identity, readOwners } from '../identities/identity-store.ts'
import { carryOut, survivorIdOf } from '../identities/link.ts'
import { commonOwner, type LinkRefusal, planLink } from '../identities/link-rules.ts'
import { holdsLogin, type Login } from '../identities/login-rules.ts'
import { requireIdentityOf } from '../identities/require-identity.ts'
import type { IdentityPool } from '../identity-pools/pool-store.ts'

type Parts = Pick<Context, 'db' | 'database' | 'clock' | 'random' | 'config' | 'identityPools' | 'pokes'>

/** The user belongs to another identity than the named one. */
interface Registered {
  refused: 'registered'
}

/** The id of the user's identity. Throws ResourceNotFoundException when the pool does not have the named identity. */
export async function linkDeveloperLogins(
  context: Parts,
  pool: IdentityPool,
  developer: Login,
  logins: readonly Login[],
  identityId: string | undefined,
): Promise<{ id: string; refused?: undefined } | LinkRefusal | Registered> {
  return withRetries(async () => {
    const named = identityId === undefined ? undefined : await liveIdentity(context, pool.id, identityId)
    const all = [developer, ...logins]
    const ownerIds = await findOwnerIds(context.db, pool.id, all)
    // The usual case: the backend names no identity, and the logins lead to one.
    const linkedId = named ? undefined : commonOwner(ownerIds)
    if (linkedId !== undefined) return { id: linkedId }
    const owners = await readOwners(context.db, all, ownerIds)
    const owner = owners.find((identity) => holdsLogin(identity, developer))
    if (named && owner && owner.id !== named.id) return { refused: 'registered' }
    const plan = planLink({ named, owners, logins: all, developerProvider: developer.provider, trusted: true })
    return plan.refused ? plan : { id: await carryOut(context, pool, plan) }
  })
}

async function liveIdentity(context: Parts, poolId: string, id: string): Promise<Identity> {
  const identity = await requireIdentityOf(context, poolId, id)
  const survivorId = identity.disabled ? await survivorIdOf(context.db, identity) : undefined
  return (survivorId === undefined ? undefined : await findIdentity(context.db, survivorId)) ?? identity
}
