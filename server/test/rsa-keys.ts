// The RSA keys of tests. Each takes a tenth of a second of CPU, and thousands of user pools are made: a worker makes some and
// hands them out in turns. Real ones are made where servers run in processes of their own.
import type { MakeRsaKeyPair } from '../src/effects/effects.ts'
import { makeRsaKeyPair } from '../src/effects/rsa-key-pair.ts'

const made: ReturnType<MakeRsaKeyPair>[] = []
const MADE = 24
let next = 0

/** A key that none of the last 23 calls gave. */
export const someRsaKeyPair: MakeRsaKeyPair = () => {
  const at = next++ % MADE
  made[at] ??= makeRsaKeyPair()
  return made[at]
}
