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

/** Derived keys of the credentials seen lately: the four HMACs of a key are half the work of a verification. */
export interface SigningKeyCache {
  get(accessKeyId: string, secretAccessKey: string, scope: CredentialScope): Buffer | undefined
  set(accessKeyId: string, secretAccessKey: string, scope: CredentialScope, key: Buffer): void
  readonly size: number
}

/** A cache of at most `maxEntries` keys that forgets the one unused the longest. */
export function createSigningKeyCache(maxEntries: number): SigningKeyCache {
  // The secret is part of what must match: a key id may come back with another secret (a restored or recreated account).
  const entries = new Map<string, { secretAccessKey: string; key: Buffer }>()
  const nameOf = (accessKeyId: string, { date, region, service }: CredentialScope): string =>
    `${accessKeyId}/${date}/${region}/${service}`

  return {
    get(accessKeyId, secretAccessKey, scope) {
      const name = nameOf(accessKeyId, scope)
      const entry = entries.get(name)
      if (entry?.secretAccessKey !== secretAccessKey) return undefined
      entries.delete(name)
      entries.set(name, entry)
      return entry.key
    },
    set(accessKeyId, secretAccessKey, scope, key) {
      const name = nameOf(accessKeyId, scope)
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
