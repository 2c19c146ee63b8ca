// Which secrets a client may have. Pure. docs/reference/user-pools.md 6.4.

import { invalid, type Refusal } from '../../refusal-rules.ts'
import type { ClientSecret, UserPoolClientSettings } from './client-store.ts'

/** A client that registered itself keeps the secret that it was told (docs/reference/oauth-and-federation.md 12). */
export const registeredRefusal = ({ ClientType }: UserPoolClientSettings): Refusal | undefined =>
  ClientType === 'DCR'
    ? invalid('Client secrets can not be managed for a client that was made by dynamic client registration.')
    : undefined

/** A new secret with an id that no other secret of the client has: `<clientId>--<epoch milliseconds>`. */
export function newClientSecret(
  clientId: string,
  value: string,
  now: number,
  existing: readonly ClientSecret[] = [],
): ClientSecret {
  const taken = new Set(existing.map((secret) => secret.id))
  let time = now
  while (taken.has(`${clientId}--${time}`)) time++
  return { id: `${clientId}--${time}`, value, createdAt: now }
}
