import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { type Branding, findBranding } from './branding-store.ts'

export const noSuchBrandingError = (): ApiError =>
  new ApiError('ResourceNotFoundException', 'Managed login branding does not exist.')

/** The pool's style with this id. Throws ResourceNotFoundException. */
export async function requireBranding(context: Pick<Context, 'db'>, pool: UserPool, id: string): Promise<Branding> {
  const branding = await findBranding(context.db, pool.id, id)
  if (!branding) throw noSuchBrandingError()
  return branding
}
