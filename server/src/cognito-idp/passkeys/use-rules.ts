// Whether a passkey may be used, when its signature is right. Pure. WebAuthn Level 3, 6.1.1, 6.1.3 and 7.2.
import type { Passkey } from './passkey-store.ts'
import type { Assertion } from './verify-credential.ts'

type Known = Pick<Passkey, 'counter' | 'backupEligible' | 'userHandle' | 'userVerified'>

/**
 * Why a use is refused. `cloned`: the authenticator's counter did not go on, so that somebody else has used a copy of the
 * passkey. `foreign`: what never changes of a passkey is different.
 */
export function useRefusal(
  passkey: Known,
  seen: Assertion,
  userHandle: string | undefined,
): 'cloned' | 'foreign' | undefined {
  if (userHandle !== undefined && userHandle !== passkey.userHandle) return 'foreign'
  if (seen.backupEligible !== passkey.backupEligible || (seen.backedUp && !seen.backupEligible)) return 'foreign'
  // An authenticator without a counter says 0 always.
  if ((seen.counter > 0 || passkey.counter > 0) && seen.counter <= passkey.counter) return 'cloned'
  return undefined
}

/**
 * Whether the authenticator verified its user, so that the passkey stands for two factors. One that did not when it made
 * the passkey does not count for it later: whoever holds the authenticator could have set up a PIN since.
 */
export const verifiedUser = ({ userVerified }: Known, seen: Assertion): boolean => userVerified && seen.userVerified
