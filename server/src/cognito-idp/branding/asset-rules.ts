// The images of a style of managed login: which a request may bring, and which a style has after it. Pure.
// docs/reference/oauth-and-federation.md 17.6.
import type { AssetType } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import type { StoredAsset } from './branding-store.ts'
import { imageKind, MEDIA_TYPES } from './image-rules.ts'
import type { Image } from './image-store.ts'

/** What an image is for; a style has one for each. */
const placeOf = ({ Category, ColorMode, ResourceId }: Omit<AssetType, 'Bytes'>): string =>
  JSON.stringify([Category, ColorMode, ResourceId ?? null])

/** Why images are refused: two for one place, without bytes, of another type than they say, or that a browser has no use for. */
export function assetsRefusal(assets: readonly AssetType[]): Refusal | undefined {
  const places = new Set<string>()
  for (const asset of assets) {
    const { Category, Extension, Bytes } = asset
    if (places.has(placeOf(asset))) return invalid(`Assets has more than one ${Category} of the same color mode.`)
    places.add(placeOf(asset))
    if (!Bytes || Bytes.length === 0) return invalid(`The asset ${Category} has no Bytes.`)
    if (Category === 'FAVICON_ICO' ? Extension !== 'ICO' : Extension === 'ICO') return wrongType(asset)
    if (Category === 'FAVICON_SVG' && Extension !== 'SVG') return wrongType(asset)
    if (imageKind(Bytes) !== Extension) return invalid('Media type not supported')
  }
  return undefined
}

const wrongType = ({ Category, Extension }: AssetType): Refusal =>
  invalid(`The asset ${Category} can not have the extension ${Extension}.`)

/** What a request's images are stored as; `newId` makes the id of an image. */
export function storedAssets(
  assets: readonly AssetType[],
  newId: () => string,
): { assets: StoredAsset[]; images: Image[] } {
  const stored = assets.map(({ Bytes = new Uint8Array(), ...of }) => {
    const imageId = newId()
    return { asset: { ...of, imageId }, image: { id: imageId, mediaType: MEDIA_TYPES[of.Extension], bytes: Bytes } }
  })
  return { assets: stored.map(({ asset }) => asset), images: stored.map(({ image }) => image) }
}

/** A style's images with new ones in their places; `dropped`: ids of images that it has no more. */
export function mergeAssets(
  before: readonly StoredAsset[],
  added: readonly StoredAsset[],
): { assets: StoredAsset[]; dropped: string[] } {
  const replaced = new Set(added.map(placeOf))
  const isReplaced = (asset: StoredAsset): boolean => replaced.has(placeOf(asset))
  return {
    assets: [...before.filter((asset) => !isReplaced(asset)), ...added],
    dropped: before.filter(isReplaced).map(({ imageId }) => imageId),
  }
}
