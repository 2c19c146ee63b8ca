// From a domain to its pool, for the doors that answer on its host. Both look-ups are cached.
import type { Context } from '../../context.ts'
import { configurationOf } from './domain-rules.ts'

export interface PoolOfDomain {
  readonly poolId: string
  /** 1: the classic pages; 2: managed login. */
  readonly managedLoginVersion: number
}

/**
 * The pool that has a domain: a prefix (`login`) or a host name of its own (`auth.example.com`), in lower case and without
 * a port; undefined when none has it. Any text may be asked for.
 */
export async function poolOfDomain(
  { userPools }: Pick<Context, 'userPools'>,
  domain: string,
): Promise<PoolOfDomain | undefined> {
  const poolId = await userPools.poolIdOfDomain(domain)
  const pool = poolId === undefined ? undefined : await userPools.pool(poolId)
  const configuration = pool && configurationOf(pool.settings, domain)
  return configuration && { poolId: pool.id, managedLoginVersion: configuration.ManagedLoginVersion }
}
