// The texts of refused registrations; the service's are not known (docs/reference/user-pools.md 24).
import { limits } from '../limits.ts'

export const NOT_ENABLED_MESSAGE = 'Passkeys are not enabled for this user pool (WEB_AUTHN in AllowedFirstAuthFactors).'
export const TOO_MANY_MESSAGE = `A user can have ${limits.passkeysPerUser.max} passkeys at most.`
export const CHALLENGE_NOT_FOUND_MESSAGE = 'The challenge of the credential is unknown, has expired, or was used.'
