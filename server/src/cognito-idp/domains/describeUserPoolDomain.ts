import { operation } from '../operation.ts'
import { findPool } from '../user-pools/pool-store.ts'
import { isDomainName } from './domain-name-rules.ts'
import { configurationOf } from './domain-rules.ts'
import { poolIdOfDomain } from './domain-store.ts'
import { domainDescription } from './domain-type.ts'

/**
 * DescribeUserPoolDomain: an empty description for a domain that no pool of the region has
 * (docs/reference/oauth-and-federation.md 18).
 */
export const describeUserPoolDomain = operation('DescribeUserPoolDomain', async (context, { input, caller }) => {
  const { Domain } = input
  const poolId = isDomainName(Domain) ? await poolIdOfDomain(context.db, Domain) : undefined
  const pool = poolId === undefined ? undefined : await findPool(context.db, poolId)
  const configuration = pool && configurationOf(pool.settings, Domain)
  return {
    DomainDescription:
      configuration && pool.region === caller.region ? domainDescription(context, pool, Domain, configuration) : {},
  }
})
