// The filter of breached passwords: a blocked Bloom filter in a file. Pure.
//
// A password's SHA-1 chooses one block of 512 bits, and 12 bits of it. A password of the list has all of them set; another
// one has them by chance, with 24 bits a password at about 1 in 20,000 (falsePositiveRate). A look-up reads one block, so the
// file stays on the disk whatever its size: a billion passwords are 3 GB. A binary fuse filter would take less than half,
// but must hold every hash in memory while it is made.
//
// The file: a header of 64 bytes (MAGIC, then the number of passwords as eight bytes, big-endian), then the blocks.

export const HEADER_BYTES = 64
export const BLOCK_BYTES = 64
const BLOCK_BITS = BLOCK_BYTES * 8
const BITS_OF_A_PASSWORD = 12
const BITS_PER_PASSWORD = 24
const MAGIC = Buffer.from('cognomen breached passwords 1\n')

/** How many blocks the filter of so many passwords has. */
export const blocksFor = (passwords: number): number =>
  Math.max(1, Math.ceil((passwords * BITS_PER_PASSWORD) / BLOCK_BITS))

/** The header of a filter of so many passwords. */
export function headerOf(passwords: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(header)
  header.writeBigUInt64BE(BigInt(passwords), HEADER_BYTES - 8)
  return header
}

/** How many passwords and blocks a file has, by its header and size in bytes; undefined for what is no whole filter. */
export function readHeader(header: Uint8Array, size: number): { passwords: number; blocks: number } | undefined {
  const bytes = Buffer.from(header)
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  const passwords = Number(bytes.readBigUInt64BE(HEADER_BYTES - 8))
  const blocks = blocksFor(passwords)
  return size === HEADER_BYTES + blocks * BLOCK_BYTES ? { passwords, blocks } : undefined
}

/** The block of a password. `sha1`: the hash of its UTF-8 bytes. */
export const blockOf = (sha1: Buffer, blocks: number): number => Math.floor((sha1.readUIntBE(0, 6) / 2 ** 48) * blocks)

/** The bits of a password in its block: 9 bits of the hash for each, from its seventh byte on. */
function* bitsOf(sha1: Buffer): Generator<number> {
  for (let n = 0; n < BITS_OF_A_PASSWORD; n++) {
    const at = n * 9
    const pair = sha1.readUInt16BE(6 + (at >> 3))
    yield (pair >> (7 - (at & 7))) & (BLOCK_BITS - 1)
  }
}

/** Adds a password to its block, which begins at `offset` of `bytes`. */
export function addTo(bytes: Uint8Array, offset: number, sha1: Buffer): void {
  for (const bit of bitsOf(sha1)) {
    const at = offset + (bit >> 3)
    bytes[at] = (bytes[at] as number) | (1 << (bit & 7))
  }
}

/** Whether a block has all bits of a password. */
export function isIn(block: Uint8Array, sha1: Buffer): boolean {
  for (const bit of bitsOf(sha1)) if (((block[bit >> 3] as number) & (1 << (bit & 7))) === 0) return false
  return true
}

/**
 * How many of the passwords that are not in the list seem to be, as a share of 1. The passwords of a block are distributed
 * as Poisson's law has it.
 */
export function falsePositiveRate(passwords: number): number {
  const mean = passwords / blocksFor(passwords)
  let probability = Math.exp(-mean)
  let rate = 0
  for (let count = 0; count < 20 * BLOCK_BITS && (count < mean || probability > 1e-12); count++) {
    rate += probability * (1 - (1 - 1 / BLOCK_BITS) ** (BITS_OF_A_PASSWORD * count)) ** BITS_OF_A_PASSWORD
    probability *= mean / (count + 1)
  }
  return rate
}
