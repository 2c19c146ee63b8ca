import { createPublicKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto'
import { expect, it } from 'vitest'
import { selfSignedCertificate } from './certificate.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const effects = { clock: { now: () => NOW }, random: { bytes: randomBytes } }
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const make = (commonName: string) => selfSignedCertificate(effects, privateKey, { commonName, years: 10 })

it('is a certificate of the key that the key has signed, for its years', async () => {
  const certificate = new X509Certificate(Buffer.from(await make('us-east-1_AbC123xyZ'), 'base64'))
  expect(certificate.subject).toBe('CN=us-east-1_AbC123xyZ')
  expect(certificate.issuer).toBe(certificate.subject)
  expect(certificate.verify(createPublicKey(privateKey))).toBe(true)
  expect(certificate.checkPrivateKey(privateKey)).toBe(true)
  expect(new Date(certificate.validFrom).toISOString()).toBe('2026-02-28T12:00:00.000Z')
  expect(new Date(certificate.validTo).toISOString()).toBe('2036-03-01T12:00:00.000Z')
})

it('has a serial number of its own each time', async () => {
  const serials = await Promise.all(
    Array.from({ length: 5 }, async () => new X509Certificate(Buffer.from(await make('x'), 'base64')).serialNumber),
  )
  expect(new Set(serials).size).toBe(5)
  for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/)
})

it('is base64 of DER without line breaks or a header', async () => {
  const text = await make('x')
  expect(text).toMatch(/^MII[A-Za-z0-9+/]+={0,2}$/)
})
