import { operation } from '../operation.ts'
import { BRANDING_CHANGING_MESSAGE } from './branding-rules.ts'
import { deleteBranding, imagesOf } from './branding-store.ts'
import { deleteImages } from './image-store.ts'
import { requireBranding } from './require-branding.ts'

/** DeleteManagedLoginBranding (docs/reference/oauth-and-federation.md 17.1). */
export const deleteManagedLoginBranding = operation(
  'DeleteManagedLoginBranding',
  async (context, { input, pool, fail }) => {
    const branding = await requireBranding(context, pool, input.ManagedLoginBrandingId)
    await context.database.transaction(async (db) => {
      if (!(await deleteBranding(db, branding)))
        throw fail('ConcurrentModificationException', BRANDING_CHANGING_MESSAGE)
      await deleteImages(db, pool.id, imagesOf(branding))
    })
  },
)
