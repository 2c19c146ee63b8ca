// How often an hour a user's codes may be asked for and tried. Pure. docs/reference/user-pools.md 8.

/** Requests in an hour for one user. Where Cognito varies by risk (5 to 20), the number is ours. */
export const HOURLY_LIMITS = {
  ResendConfirmationCode: 5,
  ConfirmSignUp: 15,
  ForgotPassword: 5,
  ConfirmForgotPassword: 15,
  ChangePassword: 5,
  GetUserAttributeVerificationCode: 5,
  VerifyUserAttribute: 15,
  /** Codes that a user causes by changing an address or number again and again. */
  ChangedAttributeCode: 10,
  /**
   * Codes to one unproven address or number, whoever asks: one sign-up and its resends (docs/reference/threats.md 39).
   */
  EmailDestination: 20,
  SmsDestination: 6,
} as const

export type LimitedKind = keyof typeof HOURLY_LIMITS

/** Requests counted since `startedAt` (epoch milliseconds). */
export interface Window {
  startedAt: number
  count: number
}

const HOUR_MS = 60 * 60 * 1000

/** From when on a window means nothing more. */
export const windowEnd = (window: Window): number => window.startedAt + HOUR_MS

/** The window after one more request; undefined when the limit of this hour is reached. */
export function countRequest(window: Window | undefined, limit: number, now: number): Window | undefined {
  // A window that lies in the future (a clock that was set back) is as good as over.
  const current = window && now < windowEnd(window) && window.startedAt <= now ? window : { startedAt: now, count: 0 }
  return current.count >= limit ? undefined : { ...current, count: current.count + 1 }
}
