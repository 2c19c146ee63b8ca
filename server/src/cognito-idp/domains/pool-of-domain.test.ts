import { beforeEach, describe, expect, it } from 'vitest'
import { statementsOf } from '../../../test/executed-statements.ts'
import { engines } from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import { newPoolSettings } from '../user-pools/new-pool-settings.ts'
import { insertPool } from '../user-pools/pool-store.ts'
import { changeDomain } from './change-domain.ts'
import { newConfiguration, withDomain, withoutDomain } from './domain-rules.ts'
import { releaseDomain, reserveDomain } from './domain-store.ts'
import { poolOfDomain } from './pool-of-domain.ts'

describe.each(engines)('the pool of a domain on %s', (engine) => {
  const parts = useParts(engine)
  const UserPoolId = 'us-east-1_domains'

  beforeEach(async () => {
    await parts.db.deleteFrom('user_pools').execute()
    await parts.db.deleteFrom('user_pool_domains').execute()
    parts.userPools.forget(UserPoolId)
    const settings = newPoolSettings({ PoolName: 'first' }, 'us-east-1')
    await insertPool(parts.db, {
      id: UserPoolId,
      region: 'us-east-1',
      settings,
      createdAt: 1,
      updatedAt: 1,
      version: 1,
    })
  })

  const make = (Domain: string, ManagedLoginVersion = 1) =>
    changeDomain(
      parts,
      { UserPoolId, Domain },
      (settings) => withDomain(settings, Domain, newConfiguration({ UserPoolId, Domain, ManagedLoginVersion }, 1)),
      async (db) => void (await reserveDomain(db, Domain, UserPoolId)),
    )
  const remove = (Domain: string) =>
    changeDomain(
      parts,
      { UserPoolId, Domain },
      (settings) => withoutDomain(settings, Domain),
      async (db) => void (await releaseDomain(db, Domain, UserPoolId)),
    )

  it('is found by prefix and by host name, each with the version of its pages', async () => {
    await make('login')
    await make('auth.example.com', 2)
    expect(await poolOfDomain(parts, 'login')).toEqual({ poolId: UserPoolId, managedLoginVersion: 1 })
    expect(await poolOfDomain(parts, 'auth.example.com')).toEqual({ poolId: UserPoolId, managedLoginVersion: 2 })
  })

  it('is found without a statement once it was read', async () => {
    await make('known')
    await poolOfDomain(parts, 'known')
    parts.clock.freeze()
    try {
      expect(await statementsOf(() => poolOfDomain(parts, 'known'))).toEqual([])
    } finally {
      parts.clock.thaw()
    }
  })

  it('is forgotten with the domain, by the process that removes it at once', async () => {
    await make('gone')
    await poolOfDomain(parts, 'gone')
    await remove('gone')
    expect(await poolOfDomain(parts, 'gone')).toBeUndefined()
    await make('back', 2)
    expect(await poolOfDomain(parts, 'back')).toEqual({ poolId: UserPoolId, managedLoginVersion: 2 })
  })

  it.each(['unknown', 'a.b', '', '.', 'A', 'a\u0000b', '__proto__', 'x'.repeat(10_000), 'host:8080', '[::1]'])(
    'is none for %j',
    async (domain) => {
      expect(await poolOfDomain(parts, domain)).toBeUndefined()
    },
  )
})
