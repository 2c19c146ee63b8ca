// The published keys of a provider, and verification of signatures with them. The only file that imports jose: it is
// loaded with the first provider's keys, so that a server without OIDC providers does not pay for it.
import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { type CryptoKey, compactVerify, createLocalJWKSet, errors, type JSONWebKeySet, type KeyObject } from 'jose'
import { rsaProblem } from '../../crypto/rsa-keys.ts'

export interface KeySet {
  /** Epoch milliseconds. */
  readonly fetchedAt: number
  /** Whether one of the keys verifies a token's signature; `no-such-key` when none has the algorithm and id. */
  verifies(token: string, header: SignatureHeader): Promise<'yes' | 'no' | 'no-such-key'>
}

export interface SignatureHeader {
  alg: string
  kid: string | undefined
}

/** The keys without weak RSA keys (crypto/rsa-keys.ts). Throws when `keys` is not a JSON Web Key Set. */
export function keySet(keys: readonly unknown[], fetchedAt: number): KeySet {
  const keyFor = createLocalJWKSet({ keys: keys.filter(isSound) } as JSONWebKeySet)

  /** The keys of the algorithm and id: several when the token has no key id. */
  async function candidates({ alg, kid }: SignatureHeader): Promise<(CryptoKey | KeyObject)[]> {
    try {
      return [await keyFor({ alg, ...(kid !== undefined && { kid }) })]
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) return []
      const found: CryptoKey[] = []
      for await (const key of error) found.push(key)
      return found
    }
  }

  return {
    fetchedAt,
    async verifies(token, header) {
      const keys = await candidates(header)
      for (const key of keys) if (await verifiesWith(token, header.alg, key)) return 'yes'
      return keys.length === 0 ? 'no-such-key' : 'no'
    },
  }
}

async function verifiesWith(token: string, alg: string, key: CryptoKey | KeyObject): Promise<boolean> {
  try {
    await compactVerify(token, key, { algorithms: [alg] })
    return true
  } catch {
    return false
  }
}

/** Keys that cannot be read are left to jose, which finds none of them. */
function isSound(key: unknown): boolean {
  try {
    return rsaProblem(createPublicKey({ key: key as JsonWebKey, format: 'jwk' })) === undefined
  } catch {
    return true
  }
}
