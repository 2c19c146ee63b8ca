// What a logo of the classic login pages may be. Pure. docs/reference/oauth-and-federation.md 16.
import { imageKind, MEDIA_TYPES } from '../branding/image-rules.ts'
import { limits } from '../limits.ts'

export const TOO_LARGE = 'request parameters too large'

/** The media type of a logo, or why it is refused: no PNG or JPEG by its bytes, or larger than 100 KiB. */
export function logoType(bytes: Uint8Array): { mediaType: string } | { problem: string } {
  if (bytes.length > limits.logo.max) return { problem: TOO_LARGE }
  const kind = imageKind(bytes)
  return kind === 'PNG' || kind === 'JPEG'
    ? { mediaType: MEDIA_TYPES[kind] }
    : { problem: 'The image must be a PNG or JPEG file.' }
}
