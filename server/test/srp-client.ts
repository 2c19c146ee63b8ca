// The client's side of SRP, written from docs/reference/user-pools.md 9.2 with BigInt alone, so that it shares nothing
// with the server's arithmetic.
import { createHash, createHmac, getDiffieHellman, hkdfSync, randomBytes } from 'node:crypto'

export const N = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`)
const g = 2n

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
const toBigInt = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`)

function pad(value: bigint): Buffer {
  let hex = value.toString(16)
  if (hex.length % 2 === 1) hex = `0${hex}`
  if (/^[89a-f]/.test(hex)) hex = `00${hex}`
  return Buffer.from(hex, 'hex')
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = base % N, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N
    square = (square * square) % N
  }
  return result
}

const k = toBigInt(sha256(Buffer.concat([pad(N), Buffer.from([2])])))

export interface SrpStart {
  a: bigint
  /** SRP_A, in hex. */
  A: string
}

export function srpStart(a: bigint = toBigInt(randomBytes(32))): SrpStart {
  return { a, A: power(g, a).toString(16) }
}

/** x, from which the verifier follows. `poolName` and `userId` are group key and key where the password is a device's. */
export const srpX = (poolName: string, userId: string, password: string, salt: bigint): bigint =>
  toBigInt(sha256(Buffer.concat([pad(salt), sha256(Buffer.from(`${poolName}${userId}:${password}`))])))

/** The verifier, with its sign byte. */
export const srpVerifier = (x: bigint): Buffer => pad(power(g, x))

/** The parameters of PASSWORD_VERIFIER for a challenge; `spelled` changes the TIMESTAMP before it is signed. */
export function srpAnswer(
  poolId: string,
  start: SrpStart,
  challenge: Record<string, string>,
  password: string,
  now = new Date(),
  spelled = (timestamp: string): string => timestamp,
): Record<string, string> {
  const userId = challenge.USER_ID_FOR_SRP as string
  const poolName = poolId.split('_')[1] as string
  return { USERNAME: userId, ...srpClaim({ poolName, userId, password }, start, challenge, spelled(srpTimestamp(now))) }
}

/** Whose password is proved; the names as in `srpX`. */
export interface SrpIdentity {
  poolName: string
  userId: string
  password: string
}

/** What proves the password, for a challenge with SALT, SRP_B and SECRET_BLOCK. */
export function srpClaim(
  { poolName, userId, password }: SrpIdentity,
  start: SrpStart,
  challenge: Record<string, string>,
  timestamp = srpTimestamp(new Date()),
): Record<string, string> {
  const A = BigInt(`0x${start.A}`)
  const B = BigInt(`0x${challenge.SRP_B}`)
  const u = toBigInt(sha256(Buffer.concat([pad(A), pad(B)])))
  const x = srpX(poolName, userId, password, BigInt(`0x${challenge.SALT}`))
  const base = (((B - k * power(g, x)) % N) + N) % N
  const S = power(base, start.a + u * x)
  const key = Buffer.from(hkdfSync('sha256', pad(S), pad(u), 'Caldera Derived Key', 16))
  const signature = createHmac('sha256', key)
    .update(poolName)
    .update(userId)
    .update(Buffer.from(challenge.SECRET_BLOCK as string, 'base64'))
    .update(timestamp)
    .digest('base64')
  return {
    PASSWORD_CLAIM_SECRET_BLOCK: challenge.SECRET_BLOCK as string,
    PASSWORD_CLAIM_SIGNATURE: signature,
    TIMESTAMP: timestamp,
  }
}

/** `Wed Jan 7 09:05:03 UTC 2026`. */
function srpTimestamp(now: Date): string {
  const [, weekday, day, month, year, time] = /^(\w+), 0?(\d+) (\w+) (\d+) ([\d:]+)/.exec(
    now.toUTCString(),
  ) as RegExpExecArray
  return `${weekday} ${month} ${day} ${time} UTC ${year}`
}
