import { operation } from '../operation.ts'
import { ALL_CLIENTS, customizationOfClient } from './customization-store.ts'
import { customizationType } from './customization-type.ts'

/**
 * GetUICustomization: a client's or, without one of its own, that of all clients; an empty object when there is neither
 * (docs/reference/oauth-and-federation.md 16).
 */
export const getUICustomization = operation('GetUICustomization', async (context, { input, pool }) => {
  const found = await customizationOfClient(context.db, pool.id, input.ClientId ?? ALL_CLIENTS)
  return { UICustomization: found ? customizationType(context, found) : {} }
})
