import { newUuid } from '../../effects/uuid.ts'
import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { storedAssets } from './asset-rules.ts'
import { BRANDING_CHANGING_MESSAGE, brandingRefusal, changedBranding } from './branding-rules.ts'
import { replaceBranding } from './branding-store.ts'
import { deleteImages, insertImages } from './image-store.ts'
import { requireBranding } from './require-branding.ts'
import { brandingType } from './show-branding.ts'

/** UpdateManagedLoginBranding: what is not named stays (docs/reference/oauth-and-federation.md 17.6). */
export const updateManagedLoginBranding = operation(
  'UpdateManagedLoginBranding',
  async (context, { input, pool, fail }) => {
    if (!pool) throw fail('InvalidParameterException', 'UserPoolId is required.')
    if (input.ManagedLoginBrandingId === undefined)
      throw fail('InvalidParameterException', 'ManagedLoginBrandingId is required.')
    enforce(fail, brandingRefusal(input))
    const before = await requireBranding(context, pool, input.ManagedLoginBrandingId)
    const { assets, images } = storedAssets(input.Assets ?? [], () => newUuid(context.random))
    const change = changedBranding(before, input, assets)
    if ('refused' in change) throw fail(change.refused, change.message)
    const after = { ...change.after, updatedAt: context.clock.now() }
    await context.database.transaction(async (db) => {
      if (!(await replaceBranding(db, before, after)))
        throw fail('ConcurrentModificationException', BRANDING_CHANGING_MESSAGE)
      await insertImages(db, pool.id, images)
      await deleteImages(db, pool.id, change.dropped)
    })
    return { ManagedLoginBranding: await brandingType(context, after) }
  },
)
