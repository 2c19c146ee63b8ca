import { withRetries } from '../../database/compare-and-set.ts'
import { findOwners } from '../identities/identity-store.ts'
import { carryOut } from '../identities/link.ts'
import { requireLinked } from '../identities/link-refusals.ts'
import { planMerge } from '../identities/link-rules.ts'
import { holdsLogin } from '../identities/login-rules.ts'
import { operation } from '../operation.ts'
import { developerLogin, noSuchUserError } from './developer-login.ts'

/** The destination takes over all logins; the source is disabled (docs/reference/identity-pools-sts-iam-sync.md 9). */
export const mergeDeveloperIdentities = operation(
  'MergeDeveloperIdentities',
  async (context, { input, pool, fail }) => {
    const provider = input.DeveloperProviderName
    const from = developerLogin(pool, provider, input.SourceUserIdentifier)
    const to = developerLogin(pool, provider, input.DestinationUserIdentifier)
    return withRetries(async () => {
      const owners = await findOwners(context.db, pool.id, [from, to])
      const [source, destination] = [from, to].map((login) => owners.find((owner) => holdsLogin(owner, login)))
      if (!source) throw noSuchUserError(from.subject)
      if (!destination) throw noSuchUserError(to.subject)
      const plan = requireLinked(fail, planMerge(source, destination, provider))
      return { IdentityId: await carryOut(context, pool, plan) }
    })
  },
)
