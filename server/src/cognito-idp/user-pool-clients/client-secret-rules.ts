// Which secrets a client may have. Pure. docs/reference/user-pools.md 6.4.

import type { ClientSecret } from './client-store.ts'

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
