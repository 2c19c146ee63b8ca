// Which secrets a client may have. Pure. docs/reference/user-pools.md 6.4.

import type { ClientSecret } from './client-store.ts'

/** A secret with an id of its own among those that the client has: `<clientId>--<time>`. */
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
