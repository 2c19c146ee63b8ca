// Makes forged tokens: any header, any claims, any key. The server's own keys are read from its database with its
// master key, so that a test can show that a token with a valid signature is refused for its content.
import { createHmac, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { Client } from 'pg'
import { createSealer } from '../../src/crypto/seal.ts'

export type Json = Record<string, unknown>

export const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A compact JWS. RS256 unless the header says otherwise; text in place of claims is taken as it is. */
export function mint(key: KeyObject, header: Json, claims: Json | string): string {
  const content = `${encode(header)}.${encode(claims)}`
  return `${content}.${signature(key, String(header['alg']), content)}`
}

function signature(key: KeyObject, algorithm: string, content: string): string {
  const bits = /\d+$/.exec(algorithm)?.[0] ?? '256'
  const data = Buffer.from(content)
  if (algorithm.startsWith('PS'))
    return sign(`sha${bits}`, data, { key, padding: 6, saltLength: Number(bits) / 8 }).toString('base64url')
  return sign(`sha${bits}`, data, key).toString('base64url')
}

/** A token with an HMAC whose key is the public key (algorithm confusion). */
export function mintHmac(secret: string | Buffer, header: Json, claims: Json): string {
  const content = `${encode(header)}.${encode(claims)}`
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`
}

/** Header and claims of a token, unverified. */
export function readToken(token: string): { header: Json & { kid: string }; claims: Json } {
  const [header = '', claims = ''] = token.split('.')
  const part = (text: string): never => JSON.parse(Buffer.from(text, 'base64url').toString()) as never
  return { header: part(header), claims: part(claims) }
}

/** The private keys of every pool of a server, by kid. */
export async function privateKeys(databaseUrl: string, masterKey: Buffer): Promise<Map<string, KeyObject>> {
  const sealer = createSealer({ current: masterKey })
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query('select user_pool_id, kid, private_sealed from signing_keys')
  await client.end()
  return new Map(
    (rows as { user_pool_id: string; kid: string; private_sealed: string }[]).map((row) => {
      const der = sealer.open('signing-key', row.private_sealed, `${row.user_pool_id} ${row.kid}`) as Buffer
      return [row.kid, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })]
    }),
  )
}
