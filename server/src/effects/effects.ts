// What reaches outside of the process, as interfaces. Operations get them through their context; tests replace them.
import type { ProviderEndpoints } from './provider-endpoints.ts'

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

/** A request to an address that somebody else chose: an identity provider's, or one that a provider named. */
export interface WebRequest {
  /** https, or http to this machine. */
  url: string
  /** GET unless said otherwise; only GET without an authorization follows redirects. */
  method?: 'GET' | 'POST'
  headers?: Readonly<Record<string, string>>
  body?: string
  /** The address of the document that named `url`: only a document of this machine may send us to this machine. */
  namedBy?: string
  /** Most bytes of an answer. */
  maxAnswer?: number
}

export interface WebAnswer {
  status: number
  contentType: string
  body: Buffer
}

export interface WebFailure {
  failed: /** No URL, another scheme, or credentials in it. */
    | 'bad-url'
    /** A private address, or one of this machine, that nobody allowed. */
    | 'forbidden-address'
    /** No such host, no connection, no valid certificate, an answer that breaks off or is not HTTP. */
    | 'no-answer'
    | 'timeout'
    | 'too-large'
    /** Too many, from https to http, or to a place that is no URL. */
    | 'bad-redirect'
    /** Too many requests are under way. */
    | 'busy'
  /** For the log; holds neither headers nor bodies. */
  detail: string
}

/** Requests over the web, guarded against being sent where they must not go. Never rejects. */
export interface WebClient {
  send(request: WebRequest): Promise<WebAnswer | WebFailure>
}

/** A STS outside of this server, which takes the tokens of identity pools for web identities. Never rejects. */
export interface ExternalSts {
  assumeRoleWithWebIdentity(request: {
    roleArn: string
    sessionName: string
    durationSeconds: number
    token: string
    /** Session policies: one document, and ARNs of managed ones. */
    policy?: string
    policyArns?: readonly string[]
  }): Promise<
    | {
        credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string; expiration: Date }
        refused?: undefined
      }
    /** `detail` is for the log; it holds no token. */
    | { refused: 'refused' | 'unreachable'; detail: string }
  >
}

/** The outside world. An absent sender means that none is configured. */
export interface Effects {
  readonly clock: Clock
  readonly random: Random
  readonly sendEmail: SendEmail | undefined
  readonly sendSms: SendSms | undefined
  readonly web: WebClient
  /** Absent: identity pools give credentials of this server. */
  readonly externalSts: ExternalSts | undefined
  readonly providerEndpoints: ProviderEndpoints
}
