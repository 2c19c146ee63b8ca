import { operation } from '../operation.ts'
import { requireBranding } from './require-branding.ts'
import { brandingType } from './show-branding.ts'

/** DescribeManagedLoginBranding (docs/reference/oauth-and-federation.md 17.6). */
export const describeManagedLoginBranding = operation(
  'DescribeManagedLoginBranding',
  async (context, { input, pool }) => {
    const branding = await requireBranding(context, pool, input.ManagedLoginBrandingId)
    return { ManagedLoginBranding: await brandingType(context, branding, input.ReturnMergedResources) }
  },
)
