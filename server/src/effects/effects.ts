// What reaches outside of the process, as interfaces. Operations get them through their context; tests replace them.

/** Wall-clock time. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
}

/** Unpredictable bytes. */
export interface Random {
  bytes(count: number): Buffer
}

export interface Email {
  /** Of the message; the same at every attempt, so that a receiver can tell a repetition. */
  id: string
  from: string
  replyTo?: string
  to: string
  subject: string
  /** HTML: templates of a pool are HTML, as in Cognito. */
  html: string
}

export interface Sms {
  /** Of the message; the same at every attempt, so that a receiver can tell a repetition. */
  id: string
  to: string
  text: string
  userPoolId: string
}

/** What a sender rejects with when it knows more than that it failed. */
export class DeliveryFailed extends Error {
  /** For the log: neither destination nor content. */
  readonly reason: string
  /** Trying again is pointless: the next hop refuses this message, not just now. */
  readonly permanent: boolean
  constructor(reason: string, permanent = false) {
    super(reason)
    this.reason = reason
    this.permanent = permanent
  }
}

/** Sends one e-mail; rejects when the next hop did not take it. */
export type SendEmail = (email: Email) => Promise<void>

/** Sends one SMS; rejects when the next hop did not take it. */
export type SendSms = (sms: Sms) => Promise<void>

/** The outside world. An absent sender means that none is configured. */
export interface Effects {
  readonly clock: Clock
  readonly random: Random
  readonly sendEmail: SendEmail | undefined
  readonly sendSms: SendSms | undefined
}
