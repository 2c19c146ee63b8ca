// TLS for development: an authority of this machine, which its user trusts once, and certificates of it for the names by which
// the server is reached. Browsers' passkeys and Amplify's redirects insist on https.
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Extension } from '@peculiar/asn1-x509'
import type { TlsFiles } from './config/groups/network.ts'
import { makeSecretFolder } from './config/make-folder.ts'
import type { Clock, Random } from './effects/effects.ts'
import { certificate, pemOf } from './signing/certificate.ts'

const AUTHORITY_DAYS = 3650
/** Browsers take certificates of private authorities for no longer than 825 days. */
const CERTIFICATE_DAYS = 397
const RENEW_MS = 30 * 24 * 60 * 60 * 1000

interface Parts {
  clock: Clock
  random: Random
}

/**
 * The files of a certificate for these hosts, made where there is none that is good for another month, and of its authority.
 * The folder is for its owner alone.
 */
export async function localTls(
  parts: Parts,
  folder: string,
  hosts: readonly string[],
): Promise<TlsFiles & { authority: string }> {
  const files = { cert: join(folder, 'certificate.pem'), key: join(folder, 'certificate-key.pem') }
  const authority = join(folder, 'authority.pem')
  const authorityKey = join(folder, 'authority-key.pem')
  makeSecretFolder(folder)
  if (!isGood(authority, parts.clock.now(), [])) {
    const key = newKey()
    const named = { commonName: `Cognomen on this machine (${parts.random.bytes(3).toString('hex')})`, key }
    const made = { subject: named, issuer: named, days: AUTHORITY_DAYS, extensions: await authorityExtensions() }
    write(authorityKey, keyText(key))
    write(authority, pemOf(await certificate(parts, made)))
  } else if (isGood(files.cert, parts.clock.now(), hosts, authority)) return { ...files, authority }
  const issuer = {
    commonName: commonNameOf(authority),
    key: createPrivateKey(readFileSync(authorityKey, 'utf8')),
  }
  const key = newKey()
  const subject = { commonName: hosts[0] ?? 'localhost', key }
  const made = { subject, issuer, days: CERTIFICATE_DAYS, extensions: await serverExtensions(hosts) }
  write(files.key, keyText(key))
  write(files.cert, pemOf(await certificate(parts, made)))
  return { ...files, authority }
}

const newKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const keyText = (key: ReturnType<typeof newKey>): string => key.export({ type: 'pkcs8', format: 'pem' }) as string

function write(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Whether a certificate is there, valid for another month, for all of these hosts, and of this authority. */
function isGood(file: string, now: number, hosts: readonly string[], authority?: string): boolean {
  if (!existsSync(file)) return false
  const found = new X509Certificate(readFileSync(file))
  const issuer = authority && new X509Certificate(readFileSync(authority))
  return (
    Date.parse(found.validTo) > now + RENEW_MS &&
    hosts.every(
      (host) => (isIP(host) ? found.checkIP(host) : found.checkHost(host.replace('*', 'any'))) !== undefined,
    ) &&
    (!issuer || found.verify(issuer.publicKey))
  )
}

const commonNameOf = (file: string): string =>
  /^CN=(.*)$/m.exec(new X509Certificate(readFileSync(file)).subject)?.[1] ?? ''

/** RFC 5280 4.2.1. */
async function authorityExtensions(): Promise<Extension[]> {
  const x509 = await import('@peculiar/asn1-x509')
  const usage = new x509.KeyUsage(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign)
  return [
    await extension(x509.id_ce_basicConstraints, new x509.BasicConstraints({ cA: true, pathLenConstraint: 0 }), true),
    await extension(x509.id_ce_keyUsage, usage, true),
  ]
}

async function serverExtensions(hosts: readonly string[]): Promise<Extension[]> {
  const x509 = await import('@peculiar/asn1-x509')
  const names = hosts.map((host) => new x509.GeneralName(isIP(host) ? { iPAddress: host } : { dNSName: host }))
  return [
    await extension(x509.id_ce_basicConstraints, new x509.BasicConstraints({ cA: false }), true),
    await extension(x509.id_ce_subjectAltName, new x509.SubjectAlternativeName(names), false),
    await extension(x509.id_ce_extKeyUsage, new x509.ExtendedKeyUsage([x509.id_kp_serverAuth]), false),
  ]
}

async function extension(extnID: string, value: object, critical: boolean): Promise<Extension> {
  const [{ AsnConvert, OctetString }, x509] = await Promise.all([
    import('@peculiar/asn1-schema'),
    import('@peculiar/asn1-x509'),
  ])
  return new x509.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })
}
