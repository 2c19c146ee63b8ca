// The server's SRP, tested against amazon-cognito-identity-js, the client library from before Amplify.
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { computeServerKey, computeVerifier, createServerEphemeral, parseSrpA } from './srp.ts'

interface Client {
  largeAValue: { toString(radix: number): string }
  getPasswordAuthenticationKey(user: string, password: string, B: unknown, salt: unknown, done: Done): void
  generateHashDevice(groupKey: string, deviceKey: string, done: (error: unknown) => void): void
  getRandomPassword(): string
  getSaltDevices(): string
  getVerifierDevices(): string
}
type Done = (error: unknown, key: Uint8Array) => void

const require = createRequire(import.meta.url)
const { default: AuthenticationHelper } = require('amazon-cognito-identity-js/lib/AuthenticationHelper.js')
const { default: BigInteger } = require('amazon-cognito-identity-js/lib/BigInteger.js')

const newClient = (poolName: string): Client => new AuthenticationHelper(poolName)

function clientKey(client: Client, userId: string, password: string, B: Uint8Array, salt: Uint8Array): Promise<Buffer> {
  const number = (bytes: Uint8Array) => new BigInteger(Buffer.from(bytes).toString('hex'), 16)
  return new Promise((resolve, reject) => {
    client.getPasswordAuthenticationKey(userId, password, number(B), number(salt), (error, key) =>
      error ? reject(error) : resolve(Buffer.from(key)),
    )
  })
}

test('a user signs in', async () => {
  for (const firstByte of [0x00, 0x7f, 0xff]) {
    const salt = Uint8Array.from({ length: 16 }, (_, index) => (index === 0 ? firstByte : index * 15))
    const verifier = computeVerifier('Ab1Cd2Ef3', 'user@example.com', 'Pässw0rd 1', salt)
    const client = newClient('Ab1Cd2Ef3')
    const b = Uint8Array.from({ length: 32 }, (_, index) => index * 7 + firstByte)
    const B = createServerEphemeral(verifier, b)
    const A = parseSrpA(client.largeAValue.toString(16))
    if (!A) throw new Error('A was refused')
    const key = await clientKey(client, 'user@example.com', 'Pässw0rd 1', B, salt)
    expect(computeServerKey({ A, B, b, verifier })).toEqual(key)
    const wrongKey = await clientKey(client, 'user@example.com', 'Pässw0rd 2', B, salt)
    expect(computeServerKey({ A, B, b, verifier })).not.toEqual(wrongKey)
  }
})

test('a device confirmed by the client signs in', async () => {
  const [groupKey, deviceKey] = ['-AbCdEfGh', 'us-east-1_11111111-2222-3333-4444-555555555555']
  const client = newClient(groupKey)
  await new Promise<void>((resolve, reject) => {
    client.generateHashDevice(groupKey, deviceKey, (error) => (error ? reject(error) : resolve()))
  })
  const salt = Buffer.from(client.getSaltDevices(), 'hex')
  const verifier = Buffer.from(client.getVerifierDevices(), 'hex')
  const b = Buffer.alloc(32, 0x5a)
  const B = createServerEphemeral(verifier, b)
  const A = parseSrpA(client.largeAValue.toString(16))
  if (!A) throw new Error('A was refused')
  const key = await clientKey(client, deviceKey, client.getRandomPassword(), B, salt)
  expect(computeServerKey({ A, B, b, verifier })).toEqual(key)
})
