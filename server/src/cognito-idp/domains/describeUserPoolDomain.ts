import { operation } from '../operation.ts'
import { poolAt } from '../replicas/place-rules.ts'
import type { DomainKind } from '../user-pools/pool-settings.ts'
import { findPool, type UserPool } from '../user-pools/pool-store.ts'
import { isDomainName } from './domain-name-rules.ts'
import { configurationOf, kindOf } from './domain-rules.ts'
import { poolIdOfDomain } from './domain-store.ts'
import { domainDescription } from './domain-type.ts'

/** A prefix belongs to the primary region, a host name of one's own to every region (docs/reference/user-pools.md 18.8). */
const isSeen = (pool: UserPool, kind: DomainKind, region: string): boolean =>
  kind === 'Domain' ? pool.region === region : poolAt(pool, { region }) !== undefined

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
      configuration && isSeen(pool, kindOf(Domain), caller.region)
        ? domainDescription(context, pool, Domain, configuration)
        : {},
  }
})
