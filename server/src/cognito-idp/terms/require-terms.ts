import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { findTerms, type Terms } from './terms-store.ts'

export const noSuchTermsError = (): ApiError => new ApiError('ResourceNotFoundException', 'Terms do not exist.')

/** The pool's terms with this id. Throws ResourceNotFoundException. */
export async function requireTerms(context: Pick<Context, 'db'>, pool: UserPool, id: string): Promise<Terms> {
  const terms = await findTerms(context.db, pool.id, id)
  if (!terms) throw noSuchTermsError()
  return terms
}
