import { requirePassRole } from '../../authorization/pass-role.ts'
import { findSyncPool, replaceSyncPool } from '../../datasets/sync-pool-store.ts'
import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { configurationRefusal, normalStreams } from './configuration-rules.ts'
import { configurationOf } from './configuration-type.ts'

const SYNC_PRINCIPAL = 'cognito-sync.amazonaws.com'

/**
 * Replaces what is set for pushes and streams: what is left out is removed (docs/reference/identity-pools-sts-iam-sync.md 21,
 * docs/behaviour/sync.md).
 */
export const setIdentityPoolConfiguration = operation(
  'SetIdentityPoolConfiguration',
  async (context, { input: { PushSync, CognitoStreams }, pool, caller, fail }) => {
    const { db, clock, streams, syncPools } = context
    enforce(
      fail,
      configurationRefusal({ PushSync, CognitoStreams }, (stream) => streams.knows(stream)),
    )
    for (const { RoleArn } of [PushSync ?? {}, CognitoStreams ?? {}])
      if (RoleArn !== undefined) await requirePassRole(context, caller, RoleArn, SYNC_PRINCIPAL)
    const before = await findSyncPool(db, pool.id)
    const { PushSync: _, CognitoStreams: __, ...others } = before.settings
    const settings = {
      ...others,
      ...(PushSync && { PushSync }),
      ...(CognitoStreams && { CognitoStreams: normalStreams(CognitoStreams) }),
    }
    const written = await replaceSyncPool(db, before, settings, clock.now())
    syncPools.forget(pool.id)
    if (!written)
      throw fail(
        'ConcurrentModificationException',
        `The configuration of IdentityPool '${pool.id}' is being changed by another request.`,
      )
    return configurationOf(pool.id, settings)
  },
)
