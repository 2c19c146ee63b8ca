import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import { findProvider, type IdentityProvider } from './provider-store.ts'

export const noSuchProviderError = (name: string): ApiError =>
  new ApiError('ResourceNotFoundException', `Identity provider ${name} does not exist.`)

/** The pool's provider with this name, read from the database. Throws ResourceNotFoundException. */
export async function requireProvider(
  context: Pick<Context, 'db' | 'sealer'>,
  userPoolId: string,
  name: string,
): Promise<IdentityProvider> {
  const provider = await findProvider(context.db, context.sealer, userPoolId, name)
  if (!provider) throw noSuchProviderError(name)
  return provider
}
