// Changes to an identity pool's settings: compare-and-set on the version that was read.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { IdentityPoolSettings } from './pool-settings.ts'
import { findIdentityPool, type IdentityPool, replaceIdentityPoolSettings } from './pool-store.ts'

/** The pool as the database has it now. Throws ResourceNotFoundException. */
export async function readIdentityPool(context: Pick<Context, 'db'>, id: string): Promise<IdentityPool> {
  const pool = await findIdentityPool(context.db, id)
  if (!pool) throw new ApiError('ResourceNotFoundException', `IdentityPool '${id}' not found.`)
  return pool
}

/** Writes what `decide` returns, without a retry. Throws ConcurrentModificationException after a conflict. */
export async function replaceSettings(
  context: Pick<Context, 'db' | 'clock' | 'identityPools'>,
  id: string,
  decide: (settings: IdentityPoolSettings) => IdentityPoolSettings,
): Promise<IdentityPool> {
  const pool = await readIdentityPool(context, id)
  const settings = decide(pool.settings)
  const written = await replaceIdentityPoolSettings(context.db, pool, settings, context.clock.now())
  context.identityPools.forget(id)
  if (written) return { ...pool, settings }
  throw new ApiError('ConcurrentModificationException', `IdentityPool '${id}' is being changed by another request.`)
}

const ATTEMPTS = 50

/** The same, retried after a conflict: for changes that add to the settings, none of which may be lost. */
export async function changeSettings(
  context: Pick<Context, 'db' | 'clock' | 'identityPools'>,
  id: string,
  decide: (settings: IdentityPoolSettings) => IdentityPoolSettings,
): Promise<IdentityPool> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await replaceSettings(context, id, decide)
    } catch (error) {
      if ((error as Error).name !== 'ConcurrentModificationException') throw error
      if (attempt === ATTEMPTS)
        throw new Error(`Identity pool ${id} changed ${ATTEMPTS} times while one change was tried.`)
    }
  }
}
