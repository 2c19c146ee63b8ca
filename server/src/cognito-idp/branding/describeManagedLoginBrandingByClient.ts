import { operation } from '../operation.ts'
import { findBrandingOfClient } from './branding-store.ts'
import { noSuchBrandingError } from './require-branding.ts'
import { brandingType } from './show-branding.ts'

/** DescribeManagedLoginBrandingByClient (docs/reference/oauth-and-federation.md 17.6). */
export const describeManagedLoginBrandingByClient = operation(
  'DescribeManagedLoginBrandingByClient',
  async (context, { input, pool, client }) => {
    const branding = await findBrandingOfClient(context.db, pool.id, client.clientId)
    if (!branding) throw noSuchBrandingError()
    return { ManagedLoginBranding: await brandingType(context, branding, input.ReturnMergedResources) }
  },
)
