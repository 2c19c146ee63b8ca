import { operation } from '../operation.ts'
import { readIdentityPool } from './change-pool.ts'

export const getIdentityPoolRoles = operation('GetIdentityPoolRoles', async (context, { input }) => {
  const { id, settings } = await readIdentityPool(context, input.IdentityPoolId)
  const { Roles, RoleMappings } = settings
  return { IdentityPoolId: id, ...(Roles && { Roles }), ...(RoleMappings && { RoleMappings }) }
})
