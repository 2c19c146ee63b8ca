import { X509Certificate } from 'node:crypto'
import { GetSigningCertificateCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import { samlSigningKey } from './saml-signing-key.ts'

const DAY_MS = 86_400_000

describe.each(engines)('GetSigningCertificate on %s', (engine) => {
  const server = useTestServer({ engine })

  const get = async (UserPoolId: string) =>
    (await server.admin.send(new GetSigningCertificateCommand({ UserPoolId }))).Certificate as string
  const parsed = (base64: string) => new X509Certificate(Buffer.from(base64, 'base64'))

  it('gives a certificate of the pool alone, the same at each call, for ten years', async () => {
    const [one, other] = [await makePool(server), await makePool(server)]
    const text = await get(one.Id)
    expect(text).toMatch(/^MII[A-Za-z0-9+/]+={0,2}$/)
    const certificate = parsed(text)
    expect(certificate.subject).toBe(`CN=${one.Id}`)
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    const years = (Date.parse(certificate.validTo) - server.clock.now()) / (365.25 * DAY_MS)
    expect(Math.round(years)).toBe(10)
    expect(await get(one.Id)).toBe(text)
    expect(parsed(await get(other.Id)).publicKey.equals(certificate.publicKey)).toBe(false)
  })

  it('gives one certificate when many ask for the first one at once', async () => {
    const { Id } = await makePool(server)
    const texts = await Promise.all(Array.from({ length: 4 }, () => get(Id)))
    expect(new Set(texts).size).toBe(1)
  })

  it('gives a newer certificate of the same key after a year', async () => {
    const { Id } = await makePool(server)
    const first = await get(Id)
    server.clock.advance(366 * DAY_MS)
    try {
      const second = await get(Id)
      expect(second).not.toBe(first)
      expect(parsed(second).publicKey.equals(parsed(first).publicKey)).toBe(true)
      expect(Date.parse(parsed(second).validTo)).toBeGreaterThan(Date.parse(parsed(first).validTo))
      expect(await get(Id)).toBe(second)
    } finally {
      server.clock.advance(-366 * DAY_MS)
    }
  })

  it('refuses a pool that does not exist, and an unsigned call', async () => {
    await expectRefusal(get('us-east-1_nothere12'), 'ResourceNotFoundException')
    const { json } = await server.raw('GetSigningCertificate', { UserPoolId: (await makePool(server)).Id })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})

describe('the SAML signing key', () => {
  const parts = useParts('sqlite')

  it('is that of the certificate, and sealed at rest', async () => {
    const { privateKey, certificate } = await samlSigningKey(parts, 'us-east-1_saml')
    expect(new X509Certificate(Buffer.from(certificate, 'base64')).checkPrivateKey(privateKey)).toBe(true)
    const rows = await parts.db.selectFrom('saml_signing_keys').selectAll().execute()
    const der = privateKey.export({ type: 'pkcs8', format: 'der' })
    for (const form of ['base64', 'base64url'] as const)
      expect(JSON.stringify(rows)).not.toContain(der.toString(form).slice(100, 200))
  })
})
