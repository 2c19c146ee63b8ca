// Whether a caller without logins may act for an identity (docs/reference/identity-pools-sts-iam-sync.md 2, 4.4). Pure.
import type { Refusal } from '../../refusal-rules.ts'
import type { IdentityPoolSettings } from '../identity-pools/pool-settings.ts'
import type { Identity } from './identity-store.ts'

/** Text of NotAuthorizedException when the caller shows no login of an identity that has some, or it is disabled. */
export const forbiddenText = (identityId: string): string => `Access to Identity '${identityId}' is forbidden.`

export const GUESTS_REFUSED_TEXT = 'Unauthenticated access is not supported for this identity pool.'

/** An identity that has or once had a login cannot be used without one, nor can a disabled one. */
export function guestRefusal(
  settings: Pick<IdentityPoolSettings, 'AllowUnauthenticatedIdentities'>,
  identity?: Pick<Identity, 'id' | 'linked' | 'disabled'>,
): Refusal<'NotAuthorizedException'> | undefined {
  if (identity && (identity.linked || identity.disabled))
    return { refused: 'NotAuthorizedException', message: forbiddenText(identity.id) }
  return settings.AllowUnauthenticatedIdentities
    ? undefined
    : { refused: 'NotAuthorizedException', message: GUESTS_REFUSED_TEXT }
}
