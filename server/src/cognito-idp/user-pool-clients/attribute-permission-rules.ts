// ReadAttributes and WriteAttributes: which attributes of its users a client may read and write. Pure.
// docs/reference/user-pools.md 6.2.

import { invalid, type Refusal } from '../../refusal-rules.ts'
import { requiredAttributes } from '../user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { UserPoolClientSettings } from './client-store.ts'

const isCustom = (name: string): boolean => name.startsWith('custom:')
const isDeveloperOnly = (name: string): boolean => name.startsWith('dev:')

/** Names of the attributes in this client's ID tokens and GetUser. By default, all standard ones and no custom ones. */
export function readableAttributes(pool: UserPoolSettings, client: UserPoolClientSettings): readonly string[] {
  if (client.ReadAttributes && client.ReadAttributes.length > 0) return client.ReadAttributes
  const known = readableByDefault.get(pool.SchemaAttributes)
  if (known) return known
  const names = pool.SchemaAttributes.map((attribute) => attribute.Name as string).filter(
    (name) => !isCustom(name) && !isDeveloperOnly(name),
  )
  readableByDefault.set(pool.SchemaAttributes, names)
  return names
}

// Memoised, as every token needs it: settings are never changed in place, and an entry is garbage-collected with them.
const readableByDefault = new WeakMap<UserPoolSettings['SchemaAttributes'], readonly string[]>()

const isVerificationFlag = (name: string): boolean => name === 'email_verified' || name === 'phone_number_verified'

/**
 * True when a user may write the attribute through this client. Without a list, all but developer-only ones (measured).
 * Users may never write email_verified or phone_number_verified (docs/reference/user-pools.md 5.3).
 */
export function mayWrite(client: UserPoolClientSettings, attribute: string): boolean {
  if (isDeveloperOnly(attribute) || isVerificationFlag(attribute)) return false
  if (client.WriteAttributes && client.WriteAttributes.length > 0) return client.WriteAttributes.includes(attribute)
  return true
}

/**
 * Why the lists of a client are refused; undefined when they are not. A list must name attributes of the pool that
 * clients may have; WriteAttributes must contain the required ones, which sign-up writes.
 */
export function permissionRefusal(
  pool: UserPoolSettings,
  client: UserPoolClientSettings,
  doing: 'creating' | 'updating',
): Refusal | undefined {
  const known = new Set(pool.SchemaAttributes.map((attribute) => attribute.Name as string))
  const exists = (name: string): boolean => known.has(name) && !isDeveloperOnly(name)
  if (!(client.ReadAttributes ?? []).every(exists))
    return invalid(`Invalid read attributes specified while ${doing} a client`)
  const writes = client.WriteAttributes ?? []
  // The server sets `sub` and the verification flags; no client may write them.
  const good = writes.every((name) => exists(name) && name !== 'sub' && !isVerificationFlag(name))
  const complete = writes.length === 0 || requiredAttributes(pool).every((name) => writes.includes(name))
  return good && complete ? undefined : invalid(`Invalid write attributes specified while ${doing} a client`)
}
