// What an endpoint of a user pool is: a row of a table, by method and path. How a request reaches it is pool-requests.ts.
import type { ClientLooks } from '../cognito-idp/branding/client-looks.ts'
import { isWriteOfPages } from '../cognito-idp/replicas/served-rules.ts'
import type { CategoryName } from '../cognito-idp/request-rates/category-rules.ts'
import type { RequestSource } from '../cognito-idp/sessions/request-source.ts'
import type { Context } from '../context.ts'
import type { Parameters } from '../http/forms.ts'
import type { PoolDoor } from './pool-door.ts'

export interface PoolRequest extends PoolDoor {
  readonly method: 'GET' | 'POST'
  /** Below the pool, such as `/oauth2/authorize`. */
  readonly endpoint: string
  readonly query: Parameters
  /** The query as it arrived, without the question mark: some signatures are over this very text. */
  readonly search: string
  /** Of the body; without any for GET. */
  readonly form: Parameters
  /** The body of an endpoint that reads JSON; undefined for what is no object. */
  readonly json: Readonly<Record<string, unknown>> | undefined
  readonly header: (name: string) => string | undefined
  readonly cookies: ReadonlyMap<string, string>
  /** The hosts by which a page's own forms may name their origin. */
  readonly hosts: readonly string[]
  readonly remoteAddress: string | undefined
  readonly source: RequestSource
  /** Counts a wrong password or code against what the address may send. */
  readonly countGuess: () => void
  /** Its refusal is an answer that the application was told to expect: it counts for nothing. */
  readonly excuse: () => void
  /** For pages alone: what is set for those of the client that the query names (login-pages/looks/). */
  readonly looks?: ClientLooks
}

export interface Endpoint {
  readonly answer: (context: Context, request: PoolRequest) => Response | Promise<Response>
  /** Whether it may check a password or sign tokens: it is admitted as a whole (api/costly-calls.ts). */
  readonly costly?: boolean | ((request: PoolRequest) => boolean)
  /** What its requests are counted by (cognito-idp/request-rates/). */
  readonly category?: CategoryName | ((request: PoolRequest) => CategoryName)
  /**
   * Whether it changes users or settings, so that the regions where a pool is secondary refuse it; left out where the category
   * says so.
   */
  readonly writes?: boolean
  /** What its body is: a form, unless it is JSON. */
  readonly body?: 'json'
  /** Takes each request from what its address may send in a minute, as pages do. */
  readonly limitsAddress?: true
  /** Scripts of every origin may call it and read its answer, as nothing but a token or a secret allows anything there. */
  readonly cors?: true
  /** The answer when the server cannot serve now. Without it the caller is shown a page. */
  readonly problem?: (problem: ServerProblem) => Response
}

export interface ServerProblem {
  readonly status: 400 | 403 | 404 | 413 | 429 | 500 | 503
  readonly message: string
}

/** By method and path in lower case: `'GET /oauth2/authorize'`. */
export type Endpoints = Readonly<Record<string, Endpoint>>

/**
 * Whether an endpoint changes users or settings, or is a page for nothing else: regions where a pool is secondary refuse it
 * (docs/behaviour/replicas.md). The pages of an account show its present state. `path` in lower case, of one of `endpoints`.
 */
export function isWrite(endpoints: Endpoints, method: string, path: string): boolean {
  const posted = method === 'GET' && !path.startsWith('/account') ? endpoints[`POST ${path}`] : undefined
  const { writes, category } = posted ?? endpoints[`${method} ${path}`] ?? {}
  return writes ?? (typeof category === 'string' && isWriteOfPages(category))
}
