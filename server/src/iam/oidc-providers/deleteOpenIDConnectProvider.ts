import { ApiError } from '../../errors.ts'
import { removeEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'

/**
 * Roles that trust it are not changed, but cannot be assumed through it any more. Deleting a provider that does not exist
 * changes nothing (IAM API reference, DeleteOpenIDConnectProvider: the operation is idempotent).
 */
export const deleteOpenIDConnectProvider = operation('DeleteOpenIDConnectProvider', async (context, { input }) => {
  try {
    await removeEntity(context, providerByArn(context, 'oidc-provider', input.OpenIDConnectProviderArn))
  } catch (error) {
    if (!(error instanceof ApiError && error.name === 'NoSuchEntityException')) throw error
  }
})
