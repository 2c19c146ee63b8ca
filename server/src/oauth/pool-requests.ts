// The path of a request to an endpoint of a user pool: find the pool and the endpoint, limit, read the form, admit, answer,
// make durable, log. Headers that every answer has are added here, so that no endpoint can forget them.
// docs/reference/oauth-and-federation.md 1.4, 2.
import type { IncomingMessage } from 'node:http'
import { rateOfCategory } from '../cognito-idp/request-rates/category-rules.ts'
import { requestSource } from '../cognito-idp/sessions/request-source.ts'
import type { Aside, Context } from '../context.ts'
import { WorkRefused } from '../crypto/admission.ts'
import { RowsContended } from '../database/compare-and-set.ts'
import { DatabaseAway } from '../database/database.ts'
import { newUuid } from '../effects/uuid.ts'
import { decodeUtf8, parseObject } from '../encodings.ts'
import { addressOfRequest } from '../http/client-address.ts'
import { readCookies } from '../http/cookies.ts'
import { noParameters, type Parameters, readParameters } from '../http/forms.ts'
import { BodyTooLarge, type ReadBody, TooManyBodies } from '../http/read-body.ts'
import { splitTarget } from '../http/request.ts'
import { type Endpoint, type Endpoints, isWrite, type PoolRequest, type ServerProblem } from './endpoint.ts'
import { limits } from './limits.ts'
import { findDoor } from './pool-door.ts'

/** The parts of the server that the path of a request uses. */
export interface PoolParts {
  readonly context: Context
  readonly readBody: ReadBody
  /** Takes a request from what an address may send in a minute. */
  readonly rates: { admit(address: string | undefined): boolean; countGuess(address: string | undefined): void }
  readonly costlyCalls: { run<T>(call: (aside: Aside) => Promise<T>): Promise<T> }
}

/** Thrown for an endpoint without words of its own; the doors show a page (doors.ts). */
export class PageProblem extends Error {
  readonly problem: ServerProblem
  constructor(problem: ServerProblem) {
    super(problem.message)
    this.problem = problem
  }
}

/** The answer to a request, without a body for HEAD; undefined when it is for none of the endpoints. Throws PageProblem. */
export type AnswerPool = (incoming: IncomingMessage) => Promise<Response | undefined>

/** Answers requests to these endpoints. */
export function poolRequests(parts: PoolParts, endpoints: Endpoints): AnswerPool {
  return async (incoming) => {
    const { context } = parts
    const header = headersOf(incoming)
    const { rawPath, rawQuery } = splitTarget(incoming.url ?? '')
    const found = await findDoor(context, header('host'), rawPath)
    if (!found) return undefined
    const method = incoming.method === 'HEAD' ? 'GET' : (incoming.method ?? '')
    const path = found.endpoint.toLowerCase()
    const allowed = ['GET', 'POST'].filter((verb) => Object.hasOwn(endpoints, `${verb} ${path}`))
    if (method === 'OPTIONS' && allowed.some((verb) => endpoints[`${verb} ${path}`]?.cors)) return preflight()
    if (allowed.length === 0) return undefined
    const endpoint = allowed.includes(method) ? endpoints[`${method} ${path}`] : undefined
    if (!endpoint)
      return new Response(null, { status: 405, headers: { allow: allowed.join(', '), 'x-frame-options': 'DENY' } })
    const startedAt = performance.now()
    const requestId = newUuid(context.random)
    const remoteAddress = addressOfRequest(incoming, context.config.trustedProxies)
    const pool = found.door.pool.id
    const finish = (status: number): void => {
      const ms = performance.now() - startedAt
      const operation = `${method} ${path}`
      context.metrics.request({ pool, service: 'oauth', operation, outcome: outcomeOf(status) }, ms / 1000)
      const line = { requestId, pool, endpoint: operation, status, ms: Math.round(ms * 10) / 10 }
      context.log.info(line, 'request')
    }
    let response: Response
    let isExcused = false
    try {
      // Whoever proves a client or has a token is not limited: applications call from one address for all their users.
      const isPage = endpoint.problem === undefined
      const isLimited = isPage || endpoint.limitsAddress === true
      if (found.door.pool.replica && isWrite(endpoints, method, path)) throw new PageProblem(inPrimaryRegion)
      if (isLimited && method === 'POST' && !parts.rates.admit(remoteAddress)) throw new PageProblem(tooMany)
      const request: PoolRequest = {
        ...found.door,
        method: method as 'GET' | 'POST',
        endpoint: found.endpoint,
        query: parametersOf(rawQuery),
        search: rawQuery,
        ...(await readContent(parts.readBody, incoming, header, endpoint)),
        header,
        cookies: readCookies(header('cookie')),
        hosts: [header('host') ?? '', found.door.host],
        remoteAddress,
        countGuess: () => parts.rates.countGuess(remoteAddress),
        excuse: () => {
          isExcused = true
        },
        source: requestSource({ remoteAddress, userAgent: header('user-agent') }),
      }
      await limitCategory(context, endpoint, request)
      response = await admitted(parts, endpoint, request, requestId)
      const isRefusal = response.status >= 400 && response.status < 500 && !isExcused
      if (!isLimited && isRefusal && !parts.rates.admit(remoteAddress)) throw new PageProblem(tooMany)
    } catch (error) {
      const problem = problemOf(error)
      if (!endpoint.problem) finish((problem ?? internal).status)
      if (!problem && !endpoint.problem) throw error
      if (!problem) context.log.error({ err: error, requestId, endpoint: path }, 'an endpoint failed')
      const told = problem ?? internal
      if (!endpoint.problem) throw new PageProblem(told)
      response = endpoint.problem(told)
    }
    response.headers.set('x-amz-cognito-request-id', requestId)
    if (response.status === 429) response.headers.set('retry-after', '1')
    response.headers.set('x-content-type-options', 'nosniff')
    if (endpoint.cors) {
      response.headers.set('access-control-allow-origin', '*')
      if (response.headers.has('dpop-nonce'))
        response.headers.set('access-control-expose-headers', 'DPoP-Nonce, WWW-Authenticate')
    }
    if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store')
    finish(response.status)
    return response
  }
}

/** A refusal by its status. */
const outcomeOf = (status: number): string => (status < 400 ? 'ok' : String(status))

/** Throws where the requests of a second that the operator allows are used up (UpdateProvisionedLimit). */
async function limitCategory(context: Context, { category }: Endpoint, request: PoolRequest): Promise<void> {
  const name = typeof category === 'function' ? category(request) : category
  if (name !== undefined && !(await context.requestRates.admit(rateOfCategory(name)))) throw new PageProblem(tooMany)
}

async function admitted(
  parts: PoolParts,
  endpoint: Endpoint,
  request: PoolRequest,
  requestId: string,
): Promise<Response> {
  const { context } = parts
  const run = async (aside: Aside): Promise<Response> => {
    const database = context.database.ofRequest()
    const records = context.sinks.hold()
    const given = { ...context, database, db: database.db, sinks: records.sinks, requestId, aside }
    const response = await records.during(() => endpoint.answer(given, request))
    // A write must be durable before it is acknowledged.
    await database.durable()
    records.release()
    return response
  }
  const costly = typeof endpoint.costly === 'function' ? endpoint.costly(request) : endpoint.costly
  return costly ? parts.costlyCalls.run(run) : run(context.aside)
}

/** docs/reference/oauth-and-federation.md 1.4. */
const preflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': 'Authorization, Content-Type, DPoP, x-amz-user-agent',
      'access-control-max-age': '86400',
    },
  })

type Header = PoolRequest['header']

/** The values of a header in one text: two headers of a name that may come once, such as Authorization, are no valid one. */
const headersOf =
  ({ rawHeaders }: IncomingMessage): Header =>
  (name) => {
    let value: string | undefined
    for (let at = 0; at < rawHeaders.length; at += 2)
      if (rawHeaders[at]?.toLowerCase() === name)
        value = value === undefined ? rawHeaders[at + 1] : `${value}, ${rawHeaders[at + 1]}`
    return value
  }

/** The body of a POST, as the endpoint reads it. */
async function readContent(
  readBody: ReadBody,
  incoming: IncomingMessage,
  header: Header,
  { body }: Endpoint,
): Promise<Pick<PoolRequest, 'form' | 'json'>> {
  if (incoming.method !== 'POST') return { form: noParameters, json: undefined }
  const type = header('content-type') ?? ''
  if (body !== 'json') return { form: await readForm(readBody, incoming, type), json: undefined }
  const bytes = await readBody(incoming, limits.registration.max)
  return { form: noParameters, json: JSON_TYPE.test(type) ? parseObject(Buffer.from(bytes)) : undefined }
}

const JSON_TYPE = /^application\/json\s*(?:;|$)/i
const FORM = /^application\/x-www-form-urlencoded\s*(?:;|$)/i

async function readForm(readBody: ReadBody, incoming: IncomingMessage, type: string): Promise<Parameters> {
  const body = await readBody(incoming, limits.form.max)
  if (body.byteLength === 0) return noParameters
  if (!FORM.test(type))
    throw new PageProblem({ status: 400, message: 'The body must be application/x-www-form-urlencoded.' })
  return parametersOf(decodeUtf8(body))
}

function parametersOf(text: string | undefined): Parameters {
  const read = text === undefined ? undefined : readParameters(text)
  if (!read) throw new PageProblem({ status: 400, message: 'The parameters are not well-formed.' })
  return read
}

export const tooMany: ServerProblem = { status: 429, message: 'Too many requests; try again in a moment.' }
const inPrimaryRegion: ServerProblem = {
  status: 403,
  message: 'This is not possible in this region, where the user pool is a secondary replica.',
}
const internal: ServerProblem = { status: 500, message: 'An internal error occurred.' }

function problemOf(error: unknown): ServerProblem | undefined {
  if (error instanceof PageProblem) return error.problem
  if (error instanceof BodyTooLarge) return { status: 413, message: 'The body is too large.' }
  if (error instanceof TooManyBodies || error instanceof WorkRefused || error instanceof RowsContended) return tooMany
  if (error instanceof DatabaseAway)
    return { status: 503, message: 'The service is not available for the moment; try again later.' }
  return undefined
}
