import { createHmac } from 'node:crypto'
import { type CredentialScope, scopeTerminator } from './canonical.ts'

/**
 * HMAC chain of a secret access key over date, region, service and terminator
 * (docs/reference/identity-pools-sts-iam-sync.md 14.1.5).
 */
export function deriveSigningKey(secretAccessKey: string, { date, region, service }: CredentialScope): Buffer {
  let key: Buffer | string = `AWS4${secretAccessKey}`
  for (const part of [date, region, service, scopeTerminator]) {
    key = createHmac('sha256', key).update(part, 'utf8').digest()
  }
  return key as Buffer
}

/** A cache of derived keys: the four HMACs that derive one are half the work of a verification. */
export interface SigningKeyCache {
  get(accessKeyId: string, secretAccessKey: string, scope: CredentialScope): Buffer | undefined
  set(accessKeyId: string, secretAccessKey: string, scope: CredentialScope, key: Buffer): void
  readonly size: number
}

/** A cache of at most `maxEntries` keys, which evicts the least recently used. */
export function createSigningKeyCache(maxEntries: number): SigningKeyCache {
  // The secret is compared as well: an access key id may get another secret, when an account is restored or recreated.
  const entries = new Map<string, { secretAccessKey: string; key: Buffer }>()
  const cacheKeyOf = (accessKeyId: string, { date, region, service }: CredentialScope): string =>
    `${accessKeyId}/${date}/${region}/${service}`

  return {
    get(accessKeyId, secretAccessKey, scope) {
      const name = cacheKeyOf(accessKeyId, scope)
      const entry = entries.get(name)
      if (entry?.secretAccessKey !== secretAccessKey) return undefined
      entries.delete(name)
      entries.set(name, entry)
      return entry.key
    },
    set(accessKeyId, secretAccessKey, scope, key) {
      const name = cacheKeyOf(accessKeyId, scope)
      entries.delete(name)
      entries.set(name, { secretAccessKey, key })
      if (entries.size <= maxEntries) return
      for (const oldest of entries.keys()) {
        entries.delete(oldest)
        break
      }
    },
    get size() {
      return entries.size
    },
  }
}
