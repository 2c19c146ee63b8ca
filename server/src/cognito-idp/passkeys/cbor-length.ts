// Where an item of CBOR ends (RFC 8949 3 and its appendix C), for data that must not be cut short: decoders that take the
// bytes that are there would make something else of it. Pure.

/** By major type, how many items follow the head, for a head that counts `count`. */
const itemsAfter: Readonly<Record<number, (count: number) => number>> = {
  4: (count) => count,
  5: (count) => 2 * count,
  6: () => 1,
}
const TEXTS = [2, 3]

/**
 * The index after the item that begins at `start`; undefined when the bytes end before it does, or it is none of a definite
 * length, as authenticators must write (CTAP 2.1, 8).
 */
export function endOfItem(bytes: Uint8Array, start = 0): number | undefined {
  let at = start
  for (let left = 1; left > 0; left--) {
    const head = bytes[at]
    if (head === undefined) return undefined
    const [major, short] = [head >> 5, head & 0x1f]
    const size = short < 24 ? 0 : short < 28 ? 2 ** (short - 24) : undefined
    if (size === undefined) return undefined
    let count = size === 0 ? short : 0
    for (const byte of bytes.subarray(at + 1, at + 1 + size)) count = count * 256 + byte
    at += 1 + size
    if (TEXTS.includes(major)) at += count
    else left += itemsAfter[major]?.(count) ?? 0
    // What is counted takes at least a byte each.
    if (at > bytes.length || left > bytes.length) return undefined
  }
  return at
}
