import { createHmac } from 'node:crypto'
import { equalBytes } from './equal-bytes.ts'

/**
 * SECRET_HASH of an app client with a secret (docs/reference/user-pools.md 2.3):
 * base64(HMAC-SHA256(key: client secret, message: username ‖ client id)), 44 characters with padding.
 * `username` is the USERNAME of the same request, whatever form (alias, e-mail, sub) it has there.
 */
export function computeSecretHash(clientSecret: string, username: string, clientId: string): string {
  return createHmac('sha256', clientSecret).update(`${username}${clientId}`, 'utf8').digest('base64')
}

/**
 * Whether `secretHash` was made with any of the client's active secrets (two during a secret rotation) over any of the
 * accepted usernames (a refresh has no USERNAME, so the caller passes all forms that the client may have used).
 * Every combination is computed and compared in constant time: the time does not tell which secret matched.
 */
export function secretHashMatches(
  secretHash: string,
  clientSecrets: readonly string[],
  usernames: string | readonly string[],
  clientId: string,
): boolean {
  let matches = false
  for (const secret of clientSecrets) {
    for (const username of typeof usernames === 'string' ? [usernames] : usernames) {
      if (equalBytes(computeSecretHash(secret, username, clientId), secretHash)) matches = true
    }
  }
  return matches
}
