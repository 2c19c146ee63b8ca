// A stored style of managed login in the API's form, with the bytes of its images.
import type { Context } from '../../context.ts'
import type { AssetType, ManagedLoginBrandingType } from '../../contract/cognito-idp.types.ts'
import { type Branding, imagesOf } from './branding-store.ts'
import { findImages } from './image-store.ts'
import { withDefaults } from './settings-rules.ts'

/** `merged`: with the defaults for what the style does not set (there are no images among them); else only what it sets. */
export async function brandingType(
  { db }: Pick<Context, 'db'>,
  branding: Branding,
  merged = false,
): Promise<ManagedLoginBrandingType> {
  const images = await findImages(db, branding.userPoolId, imagesOf(branding))
  const Assets = branding.assets.flatMap(({ imageId, ...asset }): AssetType[] => {
    const Bytes = images.get(imageId)?.bytes
    return Bytes ? [{ ...asset, Bytes }] : []
  })
  const Settings = merged ? withDefaults(branding.settings) : branding.settings
  return {
    ManagedLoginBrandingId: branding.id,
    UserPoolId: branding.userPoolId,
    UseCognitoProvidedValues: branding.provided,
    ...(Object.keys(Settings).length > 0 && { Settings }),
    ...(Assets.length > 0 && { Assets }),
    CreationDate: new Date(branding.createdAt),
    LastModifiedDate: new Date(branding.updatedAt),
  }
}
