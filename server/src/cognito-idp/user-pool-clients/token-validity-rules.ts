// Which token lifetimes a client may have. Pure. docs/reference/user-pools.md 3.3, 12.4.
import { invalid, type Refusal } from '../../refusal-rules.ts'

/** Lifetimes in seconds, with units and defaults applied. */
export interface TokenLifetimes {
  readonly access: number
  readonly id: number
  readonly refresh: number
}

const MINUTE = 60
const DAY = 86_400

/** The longest life of a refresh token, in seconds: 10 years. */
export const MAX_REFRESH_SECONDS = 3650 * DAY

export function tokenValidityRefusal({ access, id, refresh }: TokenLifetimes): Refusal | undefined {
  const short = [access, id].every((seconds) => seconds >= 5 * MINUTE && seconds <= DAY)
  if (!short || refresh < 60 * MINUTE || refresh > MAX_REFRESH_SECONDS)
    return invalid('Invalid range for token validity.')
  return Math.max(access, id) > refresh
    ? invalid('Access and Id Token expiration times must be less than or equal to refresh token expiration times.')
    : undefined
}
