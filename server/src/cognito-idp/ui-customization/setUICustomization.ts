import { newUuid } from '../../effects/uuid.ts'
import type { Image } from '../branding/image-store.ts'
import { deleteImages, insertImages } from '../branding/image-store.ts'
import { operation } from '../operation.ts'
import { holdClient } from '../user-pool-clients/read-client.ts'
import { holdPool, readPool } from '../user-pools/read-pool.ts'
import {
  ALL_CLIENTS,
  type Customization,
  deleteCustomization,
  findCustomization,
  insertCustomization,
} from './customization-store.ts'
import { cssVersionOf, customizationType } from './customization-type.ts'
import { logoType } from './logo-rules.ts'

/**
 * SetUICustomization: CSS and logo are set together, so what is not named is removed, and a call that names neither removes
 * the customization itself (docs/reference/oauth-and-federation.md 16).
 */
export const setUICustomization = operation('SetUICustomization', async (context, { input, pool, client, fail }) => {
  const { CSS: css, ImageFile: bytes } = input
  // Not from the cache, as a domain may have been made a moment ago, at another process.
  const { settings } = await readPool(context, pool.id)
  if (settings.Domain === undefined && settings.CustomDomain === undefined)
    throw fail('InvalidParameterException', 'There has to be an existing domain associated with this user pool')
  // The parser is a megabyte that only this needs.
  const read = css === undefined ? { served: '' } : (await import('./read-css.ts')).readCss(css)
  if ('problem' in read) throw fail('InvalidParameterException', `Invalid CSS: ${read.problem}.`)
  const logo = bytes && bytes.length > 0 ? logoType(bytes) : undefined
  if (logo && 'problem' in logo) throw fail('InvalidParameterException', logo.problem)
  const now = context.clock.now()
  const image: Image | undefined = bytes && logo && { id: newUuid(context.random), ...logo, bytes }
  const isEmpty = !css && !image
  const clientId = client?.clientId ?? ALL_CLIENTS
  const set = await context.database.transaction(async (db): Promise<Customization | undefined> => {
    // One at a time, so that the images of each are removed.
    await (client ? holdClient(db, client) : holdPool(db, pool.id))
    const before = await findCustomization(db, pool.id, clientId)
    await deleteImages(db, pool.id, await deleteCustomization(db, pool.id, clientId))
    if (isEmpty) return undefined
    const after: Customization = {
      userPoolId: pool.id,
      clientId,
      css,
      servedCss: read.served,
      cssVersion: cssVersionOf(now),
      imageId: image?.id,
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
    }
    await insertCustomization(db, after)
    if (image) await insertImages(db, pool.id, [image])
    return after
  })
  return { UICustomization: set ? customizationType(context, set) : {} }
})
