// Signing keys: creation, sealing, publication, rotation. The owners and their kinds of keys are in key-owners.ts,
// deletion of expired keys in database/purge.ts.
//
// A user pool signs ID tokens with one key and access tokens with another; both are published
// (docs/reference/user-pools.md 12.1). Rotation follows from timestamps alone, without a state to switch: a new key is
// published at once and signs from `active_from` on, when every verifier that refetches within PUBLISHED_AHEAD_MS knows
// it. The old key stays published until the last token it signed has expired and is deleted a day later; inserting its
// successor sets that time in its row (`expires_at`).
import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { Sealer } from '../crypto/seal.ts'
import type { Database } from '../database/database.ts'
import { orKnown } from '../database/within.ts'
import type { Effects } from '../effects/effects.ts'
import { type KeyUse, keyFormOf } from './key-owners.ts'
import { limits } from './limits.ts'
import { insertSigningKey, listSigningKeys, type SigningKeyRow } from './signing-key-store.ts'

export interface SigningKey {
  readonly kid: string
  readonly use: KeyUse
  readonly generation: number
  readonly activeFrom: number
  readonly publicJwk: JsonWebKey
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/** Owners are the ids of user pools and `identityPoolKeys` (key-owners.ts). */
export interface KeyRing {
  /** The active key of a use. Created when the owner has none yet. */
  signingKey(owner: string, use: KeyUse): Promise<SigningKey>
  /** A published key by its id; undefined when the owner has none such. */
  publishedKey(owner: string, kid: string): Promise<SigningKey | undefined>
  /** Every key that a verifier needs now or soon; as they were read last while the database is away. */
  publishedKeys(owner: string): Promise<SigningKey[]>
  /** Publishes a new key for each use, which signs from an hour later on (at once with `aheadMs` 0). */
  rotate(owner: string, aheadMs?: number): Promise<void>
  forget(owner: string): void
}

/** The parts of the server that keys are made with. */
export type KeyRingParts = Pick<Effects, 'clock' | 'makeRsaKeyPair'> & { database: Database; sealer: Sealer }

export const PUBLISHED_AHEAD_MS = 60 * 60 * 1000
/**
 * How long a key stays published once its successor signs: until its last token has expired, plus an hour of clock
 * skew.
 */
const KEPT_AFTER_MS = limits.tokenLife.max + 60 * 60 * 1000
/** How long a key stays in the table once its successor signs: a day longer, as a safety margin for operators. */
const DELETED_AFTER_MS = KEPT_AFTER_MS + 24 * 60 * 60 * 1000
/**
 * Life of the cached keys of an owner: far below PUBLISHED_AHEAD_MS, so that a rotation by another process is seen in
 * time.
 */
const CACHED_MS = 60 * 1000
/** An unknown kid causes a read of the owner's keys, but not more often than this. */
const UNKNOWN_KID_PAUSE_MS = 1000
const DAY_MS = 24 * 60 * 60 * 1000

export function createKeyRing(parts: KeyRingParts, rotateAfterDays: number): KeyRing {
  const { database, sealer, clock } = parts
  const cache = new Map<string, { keys: Promise<SigningKey[]>; readAt: number }>()
  const lastKnown = new Map<string, SigningKey[]>()
  const making = new Map<string, Promise<void>>()
  const replacing = new Set<string>()

  function keysOf(owner: string, maxAgeMs: number): Promise<SigningKey[]> {
    const known = cache.get(owner)
    if (known && Math.abs(clock.now() - known.readAt) < maxAgeMs) return known.keys
    const entry = {
      keys: listSigningKeys(database.db, owner).then((rows) => rows.map((row) => openKey(sealer, row))),
      readAt: clock.now(),
    }
    cache.set(owner, entry)
    entry.keys.then(
      (keys) => lastKnown.set(owner, keys),
      () => cache.delete(owner),
    )
    return entry.keys
  }

  // Concurrent calls in one process share one creation; between processes the primary key resolves the conflict.
  async function make(owner: string, use: KeyUse, generation: number, activeFrom: number): Promise<void> {
    const name = `${owner} ${use} ${generation}`
    const running =
      making.get(name) ??
      makeKey(parts, { owner, use, generation, activeFrom, now: clock.now() }).finally(() => making.delete(name))
    making.set(name, running)
    await running
    cache.delete(owner)
  }

  async function rotate(owner: string, aheadMs = PUBLISHED_AHEAD_MS): Promise<void> {
    const keys = await keysOf(owner, 0)
    const activeFrom = clock.now() + aheadMs
    await Promise.all(
      keyFormOf(owner).uses.map((use) =>
        make(
          owner,
          use,
          Math.max(0, ...keys.filter((key) => key.use === use).map((key) => key.generation)) + 1,
          activeFrom,
        ),
      ),
    )
  }

  const isOld = (keys: readonly SigningKey[], use: KeyUse): boolean =>
    rotateAfterDays > 0 &&
    keys.every((key) => key.use !== use || key.activeFrom + rotateAfterDays * DAY_MS < clock.now())

  // Runs in the background, one rotation per owner at a time, and decides by a fresh read from the database.
  function replaceOldKeys(owner: string): void {
    if (replacing.has(owner)) return
    replacing.add(owner)
    keysOf(owner, 0)
      .then((keys) => (keyFormOf(owner).uses.some((use) => isOld(keys, use)) ? rotate(owner) : undefined))
      // The next signature tries again.
      .catch(() => undefined)
      .finally(() => replacing.delete(owner))
  }

  async function signingKey(owner: string, use: KeyUse): Promise<SigningKey> {
    let keys = await keysOf(owner, CACHED_MS)
    let active = activeKey(keys, use, clock.now())
    if (!active) {
      await make(owner, use, 1, clock.now())
      keys = await keysOf(owner, CACHED_MS)
      active = activeKey(keys, use, clock.now())
      if (!active) throw new Error(`${owner} has no signing key.`)
    }
    if (isOld(keys, use)) replaceOldKeys(owner)
    return active
  }

  return {
    signingKey,
    rotate,
    async publishedKey(owner, kid) {
      const find = (keys: SigningKey[]): SigningKey | undefined =>
        keys.find((key) => key.kid === kid && isPublished(key, keys, clock.now()))
      return find(await keysOf(owner, CACHED_MS)) ?? find(await keysOf(owner, UNKNOWN_KID_PAUSE_MS))
    },
    async publishedKeys(owner) {
      const read = async (): Promise<SigningKey[]> => {
        await Promise.all(keyFormOf(owner).uses.map((use) => signingKey(owner, use)))
        return keysOf(owner, CACHED_MS)
      }
      const known = lastKnown.get(owner)
      // Without a key for each use they are still being made.
      const whole = known && keyFormOf(owner).uses.every((use) => activeKey(known, use, clock.now()))
      return published(await orKnown(read(), whole ? known : undefined), clock.now())
    },
    forget(owner) {
      cache.delete(owner)
      lastKnown.delete(owner)
    },
  }
}

/** The newest key of a use with `activeFrom` in the past; the oldest when there is none (the clock was set back). */
export function activeKey<Key extends Pick<SigningKey, 'use' | 'activeFrom' | 'generation'>>(
  keys: readonly Key[],
  use: KeyUse,
  now: number,
): Key | undefined {
  const ordered = keys.filter((key) => key.use === use).sort((a, b) => a.generation - b.generation)
  return ordered.findLast((key) => key.activeFrom <= now) ?? ordered[0]
}

type Dated = Pick<SigningKey, 'use' | 'activeFrom' | 'generation'>

/** The keys that verifiers need: active ones, future ones, and retired ones whose tokens may still be valid. */
export const published = <Key extends Dated>(keys: readonly Key[], now: number): Key[] =>
  keys.filter((key) => isPublished(key, keys, now))

const isPublished = ({ use, generation }: Dated, keys: readonly Dated[], now: number): boolean =>
  !keys.some((other) => other.use === use && other.generation > generation && other.activeFrom + KEPT_AFTER_MS < now)

async function makeKey(
  { database, sealer, makeRsaKeyPair }: KeyRingParts,
  spec: { owner: string; use: KeyUse; generation: number; activeFrom: number; now: number },
): Promise<void> {
  const { publicKey, privateKey } = await makeRsaKeyPair()
  const { algorithm, kid: kidOf } = keyFormOf(spec.owner)
  const kid = kidOf({ owner: spec.owner, generation: spec.generation, publicKey })
  const { n, e, kty } = publicKey.export({ format: 'jwk' })
  const key = {
    user_pool_id: spec.owner,
    use: spec.use,
    generation: spec.generation,
    kid,
    public_jwk: JSON.stringify({ alg: algorithm, e, kid, kty, n, use: 'sig' }),
    private_sealed: sealer.seal(
      'signing-key',
      privateKey.export({ type: 'pkcs8', format: 'der' }),
      `${spec.owner} ${kid}`,
    ),
    active_from: spec.activeFrom,
    created_at: spec.now,
  }
  await database.transaction((db) => insertSigningKey(db, key, spec.activeFrom + DELETED_AFTER_MS))
  // The key must be durable before it signs: a crash that lost it would make its tokens unverifiable.
  await database.durable()
}

function openKey(sealer: Sealer, row: SigningKeyRow): SigningKey {
  const der = sealer.open('signing-key', row.private_sealed, `${row.user_pool_id} ${row.kid}`)
  if (!der) throw new Error(`The signing key ${row.kid} of ${row.user_pool_id} does not open with this master key.`)
  const publicJwk = JSON.parse(row.public_jwk) as JsonWebKey
  return {
    kid: row.kid,
    use: row.use as KeyUse,
    generation: row.generation,
    activeFrom: row.active_from,
    publicJwk,
    publicKey: createPublicKey({ key: publicJwk, format: 'jwk' }),
    privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
  }
}
