// How long what nobody uses is kept.
import type { SettingsReader } from '../settings-reader.ts'

export interface RetentionConfig {
  /** Days after which a sign-up that nobody confirmed is removed; 0: never. */
  readonly unconfirmedUserDays: number
  /** Days without use after which the identity of a guest is removed; 0: never. */
  readonly unusedGuestDays: number
  /** Days for which threat protection keeps what users did. */
  readonly authEventDays: number
  /** Days without a token after which an app client that registered itself is deleted; 0: never. */
  readonly registeredClientDays: number
}

export const readRetention = (read: SettingsReader): RetentionConfig => ({
  registeredClientDays: read.wholeNumber('REGISTERED_CLIENT_DAYS', 0, 36_500),
  unconfirmedUserDays: read.wholeNumber('UNCONFIRMED_USER_DAYS', 0, 36_500),
  authEventDays: read.wholeNumber('AUTH_EVENT_DAYS', 1, 3650),
  unusedGuestDays: read.wholeNumber('UNUSED_GUEST_DAYS', 0, 36_500),
})
