import { newUuid } from '../../effects/uuid.ts'
import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { holdClient } from '../user-pool-clients/read-client.ts'
import { storedAssets } from './asset-rules.ts'
import { BRANDING_EXISTS_MESSAGE, brandingRefusal } from './branding-rules.ts'
import { type Branding, insertBranding, type Settings } from './branding-store.ts'
import { insertImages } from './image-store.ts'
import { brandingType } from './show-branding.ts'

/** CreateManagedLoginBranding: one style for each client (docs/reference/oauth-and-federation.md 17.1, 17.6). */
export const createManagedLoginBranding = operation(
  'CreateManagedLoginBranding',
  async (context, { input, pool, client, fail }) => {
    enforce(fail, brandingRefusal(input))
    const now = context.clock.now()
    const { assets, images } = storedAssets(input.Assets ?? [], () => newUuid(context.random))
    const branding: Branding = {
      id: newUuid(context.random),
      userPoolId: pool.id,
      clientId: client.clientId,
      provided: input.UseCognitoProvidedValues ?? false,
      settings: (input.Settings ?? {}) as Settings,
      assets,
      createdAt: now,
      updatedAt: now,
      version: 1,
    }
    await context.database.transaction(async (db) => {
      await holdClient(db, client)
      if (!(await insertBranding(db, branding)))
        throw fail('ManagedLoginBrandingExistsException', BRANDING_EXISTS_MESSAGE)
      await insertImages(db, pool.id, images)
    })
    return { ManagedLoginBranding: await brandingType(context, branding) }
  },
)
