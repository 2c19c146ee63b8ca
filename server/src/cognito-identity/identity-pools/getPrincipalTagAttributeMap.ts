import { operation } from '../operation.ts'
import { readIdentityPool } from './change-pool.ts'
import { principalTagMapOf } from './principal-tag-map.ts'

export const getPrincipalTagAttributeMap = operation('GetPrincipalTagAttributeMap', async (context, { input }) => {
  const pool = await readIdentityPool(context, input.IdentityPoolId)
  return {
    IdentityPoolId: pool.id,
    IdentityProviderName: input.IdentityProviderName,
    ...principalTagMapOf(pool.settings, input.IdentityProviderName),
  }
})
