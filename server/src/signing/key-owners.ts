// The owners of signing keys, and the form of their keys: each user pool is an owner, and all identity pools of a
// region together are one. Pure.
//
// The column signing_keys.user_pool_id holds the owner. Owners cannot be confused: the id of a user pool has no dot.
import { createHash, type KeyObject } from 'node:crypto'

/** What a key signs: ID tokens, access tokens, or tokens of identity pools. */
export type KeyUse = 'id' | 'access' | 'identity'

/** How the keys of an owner are made. */
interface KeyForm {
  readonly uses: readonly KeyUse[]
  /** RFC 7518 3.3. */
  readonly algorithm: 'RS256' | 'RS512'
  readonly kid: (key: { owner: string; generation: number; publicKey: KeyObject }) => string
}

const userPool: KeyForm = {
  uses: ['id', 'access'],
  algorithm: 'RS256',
  // 44 characters of base64, like the service's own.
  kid: ({ publicKey }) =>
    createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64'),
}

const IDENTITY_POOLS = 'cognito-identity.'

const identityPools: KeyForm = {
  uses: ['identity'],
  algorithm: 'RS512',
  // The region with a number behind it, as in `ap-northeast-15` (docs/reference/identity-pools-sts-iam-sync.md 6).
  kid: ({ owner, generation }) => `${owner.slice(IDENTITY_POOLS.length)}${generation}`,
}

/** The owner of the keys that sign tokens of identity pools: all identity pools of a region share one key ring. */
export const identityPoolKeys = (region: string): string => `${IDENTITY_POOLS}${region}`

export const keyFormOf = (owner: string): KeyForm => (owner.startsWith(IDENTITY_POOLS) ? identityPools : userPool)
