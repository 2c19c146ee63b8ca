// The attributes by which users of a provider are linked: a sign-in looks each of them up, so there are few
// (docs/reference/oauth-and-federation.md 19.5).
import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import { fail } from '../../operation.ts'
import { findProvider, providerRow, replaceProvider } from '../identity-providers/provider-store.ts'
import { limits } from '../limits.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { type IdentityMatch, SUBJECT } from './identity-rules.ts'

/** Counts a new one; an attribute stays counted when its links are gone. Throws LimitExceededException. */
export async function countLinkAttribute(
  context: Context,
  pool: UserPool,
  { provider: name, attribute }: IdentityMatch,
): Promise<void> {
  if (attribute === SUBJECT) return
  await withRetries(async () => {
    const provider = await findProvider(context.db, context.sealer, pool.id, name)
    const known = provider?.linkAttributes ?? []
    if (!provider || known.includes(attribute)) return
    const max = limits.linkAttributesPerProvider.max
    if (known.length >= max)
      throw fail(
        'LimitExceededException',
        `Users of provider ${name} can not be linked by more than ${max} attributes beside ${SUBJECT}.`,
      )
    const after = { ...provider, linkAttributes: [...known, attribute], version: provider.version + 1 }
    if (!(await replaceProvider(context.db, provider, providerRow(context.sealer, after)))) throw new Stale()
    context.userPools.forgetProvider(pool.id, name)
  })
}
