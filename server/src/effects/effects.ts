// Interfaces of everything outside the process: clock, randomness, e-mail, SMS, HTTP. Operations get them through the
// context; tests replace them. Not here: implementations (the other files of this folder) and the database.
import type { KeyObject } from 'node:crypto'
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

/** A fresh RSA key of 2,048 bits. */
export type MakeRsaKeyPair = () => Promise<{ publicKey: KeyObject; privateKey: KeyObject }>

export interface Email {
  /** The id of the message, the same at every attempt, so that a receiver can deduplicate. */
  id: string
  from: string
  replyTo?: string
  to: string
  subject: string
  /** HTML: templates of a pool are HTML, as in Cognito. */
  html: string
}

export interface Sms {
  /** The id of the message, the same at every attempt, so that a receiver can deduplicate. */
  id: string
  to: string
  text: string
  userPoolId: string
}

/** The error of a sender that knows why a delivery failed. */
export class DeliveryFailed extends Error {
  /** For the log: must not contain destination or content. */
  readonly reason: string
  /** True when a retry is pointless: the next hop refuses this message for good. */
  readonly permanent: boolean
  constructor(reason: string, permanent = false) {
    super(reason)
    this.reason = reason
    this.permanent = permanent
  }
}

/** Sends one e-mail; rejects when the next hop did not accept it. */
export type SendEmail = (email: Email) => Promise<void>

/** Sends one SMS; rejects when the next hop did not accept it. */
export type SendSms = (sms: Sms) => Promise<void>

/** A request to a URL that this server does not trust: an identity provider's, or one from a provider's document. */
export interface WebRequest {
  /** An https URL, or http to this machine. */
  url: string
  /** GET by default. Redirects are followed only for GET without an Authorization header. */
  method?: 'GET' | 'POST'
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  /** The URL of the document that contained `url`: only a document from this machine may refer to this machine. */
  namedBy?: string
  /** Maximum bytes of an answer. */
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
    /** A private or loopback address that ALLOWED_PRIVATE_HOSTS does not allow. */
    | 'forbidden-address'
    /** Unknown host, no connection, an invalid certificate, an answer that is cut off or is not HTTP. */
    | 'no-answer'
    | 'timeout'
    | 'too-large'
    /** Too many redirects, one from https to http, or one to an invalid URL. */
    | 'bad-redirect'
    /** Too many requests are in flight. */
    | 'busy'
  /** For the log; contains neither headers nor bodies. */
  detail: string
}

/** An HTTP client guarded against server-side request forgery (web-client.ts). Never rejects. */
export interface WebClient {
  send(request: WebRequest): Promise<WebAnswer | WebFailure>
}

/** An external STS that accepts tokens of this server's identity pools as web identities. Never rejects. */
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
    /** `detail` is for the log; it contains no token. */
    | { refused: 'refused' | 'unreachable'; detail: string }
  >
}

/** What became of a call of a function. No texts of the function's own are for the log. */
export type FunctionAnswer =
  /** `text`: what it returned, as JSON, unless the function wrote something else. */
  | { outcome: 'answered'; text: string }
  /** The function refused by throwing an error, whose text this is, or ended before it answered. */
  | { outcome: 'threw'; message: string }
  /**
   * No answer. `reason` is a word for the error to the caller and for the log; `status` that of an HTTP answer which says so.
   */
  | { outcome: 'failed'; reason: string; status?: number }

export interface InvokeOptions {
  readonly id: string
  readonly awaited: boolean
  /** Most tries, where not as many as usual. */
  readonly tries?: number
  /** Most bytes of the answer, where not as many as usual. */
  readonly maxAnswer?: number
}

/** Functions of the operator's that Lambda triggers call (triggers/functions.ts). Never rejects. */
export interface Functions {
  /**
   * Calls the function of an ARN with an event (JSON), several times if there is no answer. `id` is the same at each try.
   * Without `awaited` nobody needs its result: a Lambda service may answer before the function has run.
   */
  invoke(arn: string, event: string, options: InvokeOptions): Promise<FunctionAnswer>
}

/** All effects. An absent sender means that none is configured. */
export interface Effects {
  readonly clock: Clock
  readonly random: Random
  readonly makeRsaKeyPair: MakeRsaKeyPair
  readonly sendEmail: SendEmail | undefined
  readonly sendSms: SendSms | undefined
  readonly web: WebClient
  /** Undefined unless EXTERNAL_STS_URL is set: identity pools then issue credentials of this server. */
  readonly externalSts: ExternalSts | undefined
  readonly providerEndpoints: ProviderEndpoints
  readonly functions: Functions
}
