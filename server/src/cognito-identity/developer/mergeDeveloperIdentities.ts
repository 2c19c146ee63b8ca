import { withRetries } from '../../database/compare-and-set.ts'
import { findOwners } from '../identities/identity-store.ts'
import { carryOut } from '../identities/link.ts'
import { requireLinked } from '../identities/link-refusals.ts'
import { planMerge } from '../identities/link-rules.ts'
import { operation } from '../operation.ts'
import { developerLogin, noSuchUser } from './developer-login.ts'

/** The destination takes over everything; the source is disabled (docs/reference/identity-pools-sts-iam-sync.md 9). */
export const mergeDeveloperIdentities = operation(
  'MergeDeveloperIdentities',
  async (context, { input, pool, fail }) => {
    const provider = input.DeveloperProviderName
    const from = developerLogin(pool, provider, input.SourceUserIdentifier)
    const to = developerLogin(pool, provider, input.DestinationUserIdentifier)
    return withRetries(async () => {
      const [[source], [destination]] = await Promise.all([
        findOwners(context.db, pool.id, [from]),
        findOwners(context.db, pool.id, [to]),
      ])
      if (!source) throw noSuchUser(from.subject)
      if (!destination) throw noSuchUser(to.subject)
      const plan = requireLinked(fail, planMerge(source, destination, provider))
      return { IdentityId: await carryOut(context, pool, plan) }
    })
  },
)
