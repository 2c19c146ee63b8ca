// The client's side of SRP (docs/reference/user-pools.md 9.2) for a load generator: everything that does not depend on
// the server's answer is computed once, so that a sign-in costs the load one exponentiation.
import { createDiffieHellman, createHash, createHmac, getDiffieHellman, hkdfSync, randomBytes } from 'node:crypto'

const primeBytes = getDiffieHellman('modp15').getPrime()
const group = createDiffieHellman(primeBytes, Buffer.from([2]))
const toBigInt = (bytes) => BigInt(`0x${bytes.toString('hex')}`)
const N = toBigInt(primeBytes)
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** Big-endian bytes, with a zero in front when the first bit is set. */
function pad(value) {
  const hex = value.toString(16)
  const even = hex.length % 2 === 0 ? hex : `0${hex}`
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex')
}

const k = toBigInt(sha256(pad(N), pad(2n)))

function power(base, exponent) {
  group.setPrivateKey(pad(exponent))
  return toBigInt(base === 2n ? group.generateKeys() : group.computeSecret(pad(base)))
}

// One `a` for all: a measurement has no secrets.
const a = toBigInt(randomBytes(32))
const A = power(2n, a)
const bytesOfA = pad(A)

/** SRP_A of every sign-in. */
export const srpA = A.toString(16)

const derived = new Map()

/** x of a user, and k·g^x. */
function derivedOf(poolName, userId, password, salt) {
  const known = derived.get(`${userId} ${salt}`)
  if (known) return known
  const x = toBigInt(sha256(pad(BigInt(`0x${salt}`)), sha256(`${poolName}${userId}:${password}`)))
  const values = { x, kgx: (k * power(2n, x)) % N }
  derived.set(`${userId} ${salt}`, values)
  return values
}

/** ChallengeResponses for the parameters of a PASSWORD_VERIFIER challenge. */
export function srpAnswer(poolId, parameters, password) {
  const poolName = poolId.slice(poolId.indexOf('_') + 1)
  const { USER_ID_FOR_SRP: userId, SALT: salt, SRP_B: textOfB, SECRET_BLOCK: secretBlock } = parameters
  const { x, kgx } = derivedOf(poolName, userId, password, salt)
  const B = BigInt(`0x${textOfB}`)
  const u = toBigInt(sha256(bytesOfA, pad(B)))
  const S = power((B - kgx + N) % N, a + u * x)
  const key = Buffer.from(hkdfSync('sha256', pad(S), pad(u), 'Caldera Derived Key', 16))
  const timestamp = srpTimestamp(new Date())
  const claim = createHmac('sha256', key)
    .update(`${poolName}${userId}`)
    .update(Buffer.from(secretBlock, 'base64'))
    .update(timestamp)
    .digest('base64')
  return {
    USERNAME: userId,
    PASSWORD_CLAIM_SECRET_BLOCK: secretBlock,
    PASSWORD_CLAIM_SIGNATURE: claim,
    TIMESTAMP: timestamp,
  }
}

/** `Wed Jan 7 09:05:03 UTC 2026`. */
function srpTimestamp(now) {
  const [weekday, day, month, year, time] = now.toUTCString().replace(',', '').split(' ')
  return `${weekday} ${month} ${Number(day)} ${time} UTC ${year}`
}
