// Fresh RSA keys, from OpenSSL in libuv's thread pool.
import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { MakeRsaKeyPair } from './effects.ts'

const generate = promisify(generateKeyPair)

/** A pair of 2,048 bits: a tenth of a second of CPU, more or less, as primes are found by chance. */
export const makeRsaKeyPair: MakeRsaKeyPair = () => generate('rsa', { modulusLength: 2048 })
