// What kind of image some bytes are, by the bytes themselves. Pure. docs/reference/oauth-and-federation.md 16, 17.6.
import type { AssetExtensionType } from '../../contract/cognito-idp.types.ts'

/** Media types, by the extension that a request names. */
export const MEDIA_TYPES: Readonly<Record<AssetExtensionType, string>> = {
  ICO: 'image/x-icon',
  JPEG: 'image/jpeg',
  PNG: 'image/png',
  SVG: 'image/svg+xml',
  WEBP: 'image/webp',
}

/** The kind of image; undefined when the bytes are none of these. */
export const imageKind = (bytes: Uint8Array): AssetExtensionType | undefined =>
  (Object.keys(SIGNS) as AssetExtensionType[]).find((kind) => SIGNS[kind](bytes))

const SIGNS: Readonly<Record<AssetExtensionType, (bytes: Uint8Array) => boolean>> = {
  PNG: (bytes) => beginsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  JPEG: (bytes) => beginsWith(bytes, [0xff, 0xd8, 0xff]),
  // RIFF, four bytes of length, WEBP.
  WEBP: (bytes) =>
    beginsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && beginsWith(bytes.subarray(8), [0x57, 0x45, 0x42, 0x50]),
  // Reserved 0, type 1, and at least one image.
  ICO: (bytes) => beginsWith(bytes, [0, 0, 1, 0]) && bytes.length > 22 && ((bytes[4] ?? 0) > 0 || (bytes[5] ?? 0) > 0),
  SVG: isSvg,
}

const beginsWith = (bytes: Uint8Array, sign: readonly number[]): boolean =>
  bytes.length > sign.length && sign.every((byte, at) => bytes[at] === byte)

// What may come before the root element of an SVG: a declaration, comments, and a document type without declarations of
// its own, as those may name entities. Nothing follows it that could fail, so it takes linear time.
const PROLOGUE = /^\uFEFF?(?:\s+|<\?xml[^<>]*\?>|<!--[\s\S]*?-->|<!DOCTYPE\s[^<>[\]]*>)*/i

function isSvg(bytes: Uint8Array): boolean {
  const text = textOf(bytes)
  if (text === undefined) return false
  return /^<svg[\s/>]/.test(text.slice(PROLOGUE.exec(text)?.[0].length)) && text.trimEnd().endsWith('>')
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
