// An authenticator app, for the tests of clients that ask for its codes.
import { createHmac } from 'node:crypto'

/**
 * An authenticator app: RFC 6238 by itself. Each code is good once, and three are right at a time: it shows the oldest that is
 * right for ten more seconds, then the next one, so that nobody waits.
 */
export function app(secret: string): () => string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) as string[]).map((byte) => Number.parseInt(byte, 2)))
  let step = 0
  return () => {
    const counter = Buffer.alloc(8)
    step = Math.max(step + 1, Math.floor((Date.now() + 10_000) / 30_000) - 1)
    counter.writeUInt32BE(step, 4)
    const mac = createHmac('sha1', key).update(counter).digest()
    const number = mac.readUInt32BE((mac[19] as number) & 15) & 0x7fffffff
    return String(number % 1_000_000).padStart(6, '0')
  }
}
