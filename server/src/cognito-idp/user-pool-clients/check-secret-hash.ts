// Checks SECRET_HASH and client secrets (docs/reference/user-pools.md 2.3). The step identify checks a SecretHash that
// is a member of the input; flows and challenges check one among their parameters.

import { equalBytes } from '../../crypto/equal-bytes.ts'
import { secretHashMatches } from '../../crypto/secret-hash.ts'
import { ApiError } from '../../errors.ts'
import type { UserPoolClient } from './client-store.ts'

/** Checks the SecretHash of an input that has a Username. Throws NotAuthorizedException. */
export function checkSecretHash(client: UserPoolClient, input: Record<string, unknown>): void {
  if (typeof input.Username === 'string')
    requireSecretHash(client, [input.Username], input.SecretHash as string | undefined)
}

/** Throws NotAuthorizedException unless `hash` is right for one of `usernames` and one of the client's secrets. */
export function requireSecretHash(
  client: UserPoolClient,
  usernames: readonly string[],
  hash: string | undefined,
): void {
  if (hash === undefined) {
    if (client.secrets.length === 0) return
    throw new ApiError(
      'NotAuthorizedException',
      `Client ${client.clientId} is configured with secret but SECRET_HASH was not received`,
    )
  }
  const secrets = client.secrets.map((secret) => secret.value)
  if (!secretHashMatches(hash, secrets, usernames, client.clientId)) {
    throw new ApiError('NotAuthorizedException', `Unable to verify secret hash for client ${client.clientId}`)
  }
}

/** Checks the ClientSecret of an input; a client without secrets must be sent none. Throws the named error. */
export function requireClientSecret(
  client: UserPoolClient,
  secret: string | undefined,
  error: 'NotAuthorizedException' | 'UnauthorizedException',
): void {
  if (client.secrets.length === 0 && secret === undefined) return
  // Every secret is compared, for constant time.
  const matching = client.secrets.filter((active) => secret !== undefined && equalBytes(active.value, secret))
  if (matching.length === 0) throw new ApiError(error, `Unable to verify secret for client ${client.clientId}`)
}
