// The cryptographic floor: what one modular exponentiation, one signature and one verification cost in CPU time, done in
// the cheapest way that node:crypto has, on the core of the server. A child process that measures whenever it is asked,
// between the slices of a load, so that a machine that is slower for a while is slower for both.
import { createDiffieHellman, generateKeyPairSync, getDiffieHellman, randomBytes, sign, verify } from 'node:crypto'

/** How often each is done for one answer: about 30 ms. */
const TIMES = { exponentiation: 16, signature: 24, verification: 128, ecVerification: 64 }

const group = createDiffieHellman(getDiffieHellman('modp15').getPrime(), Buffer.from([2]))
const element = group.generateKeys()
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
// As long as what an access token signs.
const data = randomBytes(700)
const signature = sign('sha256', data, privateKey)
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ecSignature = sign('sha256', data, ec.privateKey)

const primitives = {
  /** 3072-bit group, 256-bit exponent. */
  exponentiation: () => {
    const exponent = randomBytes(32)
    exponent[0] |= 0x80
    group.setPrivateKey(exponent)
    group.computeSecret(element)
  },
  /** RSASSA-PKCS1-v1_5, 2048 bits, SHA-256. */
  signature: () => void sign('sha256', data, privateKey),
  verification: () => void verify('sha256', data, publicKey, signature),
  /** ECDSA on P-256, SHA-256: what a passkey makes. */
  ecVerification: () => void verify('sha256', data, ec.publicKey, ecSignature),
}

function measure(name) {
  const before = process.cpuUsage()
  for (let i = 0; i < TIMES[name]; i++) primitives[name]()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / TIMES[name]
}

const sample = () => Object.fromEntries(Object.keys(primitives).map((name) => [name, measure(name)]))

for (let warm = 0; warm < 5; warm++) sample()
process.on('message', () => process.send(sample()))
process.on('disconnect', () => process.exit())
process.send('ready')
