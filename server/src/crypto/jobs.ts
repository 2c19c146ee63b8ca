// The expensive computations, by name, that the work pool runs off the event loop. Owns the list and its types; where
// and when a job runs is decided in `work-pool.ts`. Inputs and outputs cross a thread boundary by structured clone:
// bytes arrive as Uint8Array, functions and class instances cannot be sent.
import { type KeyObject, randomBytes, sign, timingSafeEqual } from 'node:crypto'
import { readHash } from './imported-hashes/hash-schemes.ts'
import { isTooLongPassword } from './password.ts'
import { computeServerKey, computeVerifier, createServerEphemeral, type ServerKeyInput } from './srp.ts'
import { primeBytes } from './srp-group.ts'

/** A password of one user (or device) and the salt of its verifier. */
export interface VerifierInput {
  poolName: string
  userId: string
  password: string
  salt: Uint8Array
}

/** Jobs for worker threads: pure. `worker.ts` imports this table as well. */
export const threadJobs = {
  /** The SRP verifier v of a password. */
  srpVerifier: ({ poolName, userId, password, salt }: VerifierInput): Uint8Array =>
    computeVerifier(poolName, userId, password, salt),

  /** A fresh private value b (32 bytes) of the server and its public value B. */
  srpEphemeral: ({ verifier }: { verifier: Uint8Array }): { b: Uint8Array; B: Uint8Array } => {
    const b = randomBytes(32)
    return { b, B: createServerEphemeral(verifier, b) }
  },

  /** The 16-byte session key of a sign-in, or undefined when A or u must be refused. */
  srpKey: (input: ServerKeyInput): Uint8Array | undefined => computeServerKey(input),

  /** Whether `verifier` is the verifier of this password. */
  passwordMatches: ({ verifier, ...identity }: VerifierInput & { verifier: Uint8Array }): boolean => {
    if (isTooLongPassword(identity.password)) return false
    const { poolName, userId, password, salt } = identity
    return timingSafeEqual(fullWidth(computeVerifier(poolName, userId, password, salt)), fullWidth(verifier))
  },

  /** Whether a hash of another system is that of this password; a hundred times as slow as `passwordMatches`. */
  importedHashMatches: async ({ hash, password }: { hash: string; password: string }): Promise<boolean> =>
    !isTooLongPassword(password) && ((await readHash(hash)?.(password)) ?? false),
}

/**
 * Jobs for libuv's thread pool, which node:crypto's asynchronous functions use. Measured for RS256 with a 2,048-bit key on
 * 2 cores (260 µs of arithmetic, medians of 9 interleaved runs): one signature at a time costs 300 µs CPU and 270 µs latency
 * here against 340 and 320 in a worker thread with the key cached there; four callers at once get 6,600 signatures a second
 * here and 3,750 from one worker. The ratio is the machine-independent part: overhead 0.15 of a signature against 0.33.
 */
export const threadPoolJobs = {
  /** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 3.3). */
  signRs256: (input: SignatureInput): Promise<Uint8Array> => signRsa('sha256', input),

  /** The same with SHA-512. */
  signRs512: (input: SignatureInput): Promise<Uint8Array> => signRsa('sha512', input),
}

interface SignatureInput {
  privateKey: KeyObject
  data: Uint8Array | string
}

const signRsa = (hash: 'sha256' | 'sha512', { privateKey, data }: SignatureInput): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    if (privateKey.asymmetricKeyType !== 'rsa') throw new TypeError('RS256 and RS512 need an RSA key')
    const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data
    sign(hash, bytes, privateKey, (error, signature) => (error ? reject(error) : resolve(signature)))
  })

export type ThreadJobs = typeof threadJobs
export type Jobs = ThreadJobs & typeof threadPoolJobs
export type JobName = keyof Jobs
export type JobInput<J extends JobName> = Parameters<Jobs[J]>[0]
export type JobOutput<J extends JobName> = Awaited<ReturnType<Jobs[J]>>

function fullWidth(number: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(primeBytes.byteLength)
  const fitting = number.subarray(Math.max(0, number.byteLength - bytes.byteLength))
  bytes.set(fitting, bytes.byteLength - fitting.byteLength)
  return bytes
}
