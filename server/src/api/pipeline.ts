// The door of the AWS API: the path of every request, step by step (ARCHITECTURE.md, "The path of an API request").
// Authentication, authorization, validation, rate limits and the log line happen here, so that no operation can forget
// them. Not here: reading and writing the protocols (protocols/), finding the operation (routes.ts).

import { authorize } from '../authorization/authorize.ts'
import { type SigningRules, verifySigner } from '../authorization/signer.ts'
import { BudgetSpent } from '../budgets/budgets.ts'
import type { Aside, Context } from '../context.ts'
import { WorkRefused } from '../crypto/admission.ts'
import { RowsContended } from '../database/compare-and-set.ts'
import { DatabaseAway } from '../database/database.ts'
import { newUuid } from '../effects/uuid.ts'
import { ApiError } from '../errors.ts'
import { type ApiRequest, type ApiResponse, headerOf } from '../http/request.ts'
import { type AnyCaller, fail } from '../operation.ts'
import { checkError, checkOutput } from './check-answer.ts'
import { corsHeaders, preflight } from './cors.ts'
import type { CostlyCalls } from './costly-calls.ts'
import { withEntityTag } from './entity-tag.ts'
import { speaksQuery } from './protocols/aws-query.ts'
import { protocols } from './protocols/protocols.ts'
import type { RateLimit } from './rate-limit.ts'
import { actionOf, type Route, type Routes } from './routes.ts'
import { findViolations } from './validate.ts'

/** The parts of the server that the path of a request uses. */
export interface ApiParts {
  readonly context: Context
  readonly routes: Routes
  readonly rates: RateLimit
  readonly costlyCalls: CostlyCalls
  /** Whether answers are checked against the contract: in tests and development. */
  readonly checkOutputs: boolean
}

interface Outcome {
  response: ApiResponse
  route: Route | undefined
  /** The id of the pool that the request is about, once it is known to exist. */
  pool: string | undefined
  caller: string | undefined
  error: ApiError | undefined
  /** The error behind `error`, with its stack; for the log only, never for the client. */
  cause: unknown
}

/** Answers a request of the AWS API. Never rejects. */
export async function handleApi(parts: ApiParts, request: ApiRequest): Promise<ApiResponse> {
  if (request.method === 'OPTIONS') return preflight(headerOf(request, 'access-control-request-headers'))
  const startedAt = performance.now()
  const requestId = newUuid(parts.context.random)
  return finish(parts.context, request, await run(parts, request, requestId), requestId, startedAt)
}

/** The answer `error` to a request that is refused before its body is read. */
export function refuseUnread(
  parts: ApiParts,
  head: Omit<ApiRequest, 'body'>,
  error: ApiError,
  route: Route | undefined = parts.routes.find({ ...head, body: new Uint8Array() }),
): ApiResponse {
  const requestId = newUuid(parts.context.random)
  const cause = error.cause ?? error
  return finish(parts.context, head, refusal(head, { ...nothingYet, route }, error, cause, requestId), requestId)
}

/** Adds the headers that every answer has, and writes the log line. */
export function finish(
  context: Context,
  { remoteAddress }: Pick<ApiRequest, 'remoteAddress'>,
  outcome: Outcome,
  requestId: string,
  startedAt = performance.now(),
): ApiResponse {
  Object.assign(outcome.response.headers, corsHeaders, {
    'x-amzn-requestid': requestId,
    // SDKs correct their clock skew with this header.
    date: new Date(context.clock.now()).toUTCString(),
  })
  const milliseconds = performance.now() - startedAt
  count(context, outcome, milliseconds)
  log(context, outcome, requestId, remoteAddress, milliseconds)
  return outcome.response
}

async function run(parts: ApiParts, request: ApiRequest, requestId: string): Promise<Outcome> {
  const progress: Progress = { ...nothingYet }
  try {
    const response = await answer(parts, request, progress, requestId)
    return {
      response,
      route: progress.route,
      pool: progress.pool,
      caller: nameOf(progress.caller),
      error: undefined,
      cause: undefined,
    }
  } catch (error) {
    const thrown = parts.checkOutputs ? checkError(progress.route, error) : error
    return refusal(request, progress, countRefused(parts, request, progress, thrown), thrown, requestId)
  }
}

function refusal(
  head: Omit<ApiRequest, 'body'>,
  { route, pool, caller }: Progress,
  error: ApiError,
  cause: unknown,
  requestId: string,
): Outcome {
  const protocol = protocols[route?.service.model.protocol ?? (speaksQuery(head) ? 'query' : 'json')]
  const response = protocol.writeError(route, error, requestId)
  if (error.retryAfter !== undefined) response.headers['retry-after'] = String(error.retryAfter)
  return {
    response,
    route,
    pool,
    caller: nameOf(caller),
    error,
    cause,
  }
}

/** What is known of a request so far; for the log line and the answer when a step throws. */
interface Progress {
  route: Route | undefined
  /** Whether the request was already counted against the rate limit of its address. */
  counted: boolean
  input: Record<string, unknown>
  caller: AnyCaller | undefined
  pool: string | undefined
}

const nothingYet: Progress = { route: undefined, counted: false, input: {}, caller: undefined, pool: undefined }

/**
 * Counts an unauthenticated call against the rate limit of its address, once per request. Throws
 * TooManyRequestsException when the address has made too many calls, before the call costs anything more.
 */
function limitAddress({ rates }: ApiParts, request: ApiRequest, progress: Progress): void {
  if (progress.counted) return
  progress.counted = true
  if (!rates.admit(request.remoteAddress)) throw rateExceededError()
}

/**
 * Counts a call whose caller is known against the rates of its user and of its operation's category: who has no valid
 * token or signature takes nothing from those who have. Throws TooManyRequestsException.
 */
async function limitRates({ context }: ApiParts, { service, name }: Route, caller: AnyCaller): Promise<void> {
  if (caller.kind === 'user' && !(await context.requestRates.admitUser(caller.user.sub, name)))
    throw rateExceededError()
  if (service.withinRate && !(await service.withinRate(context, name))) throw rateExceededError()
}

/**
 * The error to answer with, after the call is counted against the rate limit of its address: a call with an invalid
 * signature or token is counted here, as calls with valid ones are never limited. A wrong guess at a password or code
 * costs extra.
 */
function countRefused(parts: ApiParts, request: ApiRequest, progress: Progress, thrown: unknown): ApiError {
  const { route, counted, input, caller } = progress
  const error = publicError(thrown, route)
  if (route === undefined || (error.status ?? 0) >= 500) return error
  if (!counted) return caller || parts.rates.admit(request.remoteAddress) ? error : rateExceededError(error)
  if (route.service.wasGuess?.(route.name, input, error.name)) parts.rates.countGuess(request.remoteAddress)
  return error
}

async function answer(
  parts: ApiParts,
  request: ApiRequest,
  progress: Progress,
  requestId: string,
): Promise<ApiResponse> {
  const { context, routes } = parts
  const route = findRoute(routes, request)
  progress.route = route
  const { service, model } = route
  if (model.caller === 'public') limitAddress(parts, request, progress)
  const rest = (aside: Aside) => answerAdmitted(parts, request, route, progress, requestId, aside)
  return service.isCostly?.(route.name, context.config) ? parts.costlyCalls.run(rest) : rest(context.aside)
}

async function answerAdmitted(
  parts: ApiParts,
  request: ApiRequest,
  route: Route,
  progress: Progress,
  requestId: string,
  aside: Aside,
): Promise<ApiResponse> {
  const { context, checkOutputs } = parts
  const { service, model } = route
  const signer =
    model.caller === 'signed' ? await verifySigner(context, request, signingOf(parts, route, request)) : undefined
  progress.caller = signer
  const run = await route.load()
  if (!run) throw notWrittenError(route)
  const protocol = protocols[service.model.protocol]
  const input = protocol.read(route, request)
  progress.input = input
  const violations = findViolations(service, route.name, model.input, input)
  if (violations !== undefined) throw fail(service.validationError, violations)
  // Authorize before anything is looked up: a caller without the right must not learn which resources exist.
  if (signer) {
    const action = `${service.model.service}:${route.name}`
    const acted = (await service.resource(context, route.name, input, signer)) ?? []
    for (const resource of Array.isArray(acted) ? acted : [acted])
      await authorize(context, signer, { action, resource, input })
  }
  const resources = await service.identify(context, route, input, signer, request.region)
  progress.caller = resources.caller
  progress.pool = resources.pool?.id
  if (resources.caller.kind === 'anonymous') limitAddress(parts, request, progress)
  await limitRates(parts, route, resources.caller)
  const database = context.database.ofRequest()
  const records = context.sinks.hold()
  const asked = {
    input,
    fail,
    remoteAddress: request.remoteAddress,
    userAgent: headerOf(request, 'user-agent'),
    ...resources,
  }
  const given = { ...context, database, db: database.db, sinks: records.sinks, requestId, aside }
  const output = await records.during(() => run(given, asked as never))
  if (checkOutputs) checkOutput(route, output)
  // A write must be durable before it is acknowledged.
  await database.durable()
  records.release()
  const response = {
    status: 200,
    headers: { 'content-type': protocol.contentType },
    body: protocol.write(route, output, requestId),
  }
  return withEntityTag(request, response, service.entityTag?.(route.name, output))
}

/** Where the address names a region, a signature names no other one. */
function signingOf({ context }: ApiParts, { service }: Route, { region }: ApiRequest): SigningRules {
  const rules = service.signing(context.config)
  return region === undefined ? rules : { ...rules, regions: rules.regions?.filter((one) => one === region) }
}

function findRoute(routes: Routes, request: ApiRequest): Route {
  const route = routes.find(request)
  if (route) return route
  const named = actionOf(request)
  throw fail(
    'UnknownOperationException',
    named
      ? `Could not find operation ${named.action} for version ${named.version ?? 'NO_VERSION_SPECIFIED'}`
      : 'Unknown operation: the request names no operation of a service that this server speaks (X-Amz-Target, Action or path).',
  )
}

const notWrittenError = (route: Route): ApiError =>
  new ApiError(
    'NotImplementedException',
    `${route.service.model.service} ${route.name} is not implemented by Cognomen yet; docs/compatibility.md lists what is.`,
    { status: 501 },
  )

/** The answer whenever a rate limit, a full queue, rivals or a lack of memory refuse a request: none of them lasts. */
export const rateExceededError = (cause?: unknown): ApiError =>
  new ApiError('TooManyRequestsException', 'Rate exceeded', { cause, retryAfter: 1 })

/** What a client is told of an error. */
export function publicError(thrown: unknown, route: Route | undefined): ApiError {
  if (thrown instanceof ApiError) return thrown
  if (thrown instanceof WorkRefused || thrown instanceof RowsContended) return rateExceededError(thrown)
  if (thrown instanceof BudgetSpent) return budgetSpentError(thrown, route)
  // SDKs try again after this status.
  if (thrown instanceof DatabaseAway)
    return new ApiError('ServiceUnavailable', 'The service is not available for the moment; try again later.', {
      cause: thrown,
      status: 503,
    })
  return new ApiError(
    'InternalErrorException',
    'An internal error occurred; the request id leads to its record in the log.',
    { cause: thrown, status: 500 },
  )
}

// UpdateUserAttributes, for one, does not declare LimitExceededException.
function budgetSpentError(cause: BudgetSpent, route: Route | undefined): ApiError {
  const declared = route?.model.errors.includes('LimitExceededException')
  return new ApiError(declared ? 'LimitExceededException' : 'TooManyRequestsException', cause.message, { cause })
}

const nameOf = (caller: AnyCaller | undefined): string | undefined =>
  caller?.kind === 'signed' ? caller.arn : caller?.kind === 'user' ? caller.user.sub : caller?.kind

/** Names of errors come from the contract; the address and what the client wrote are no labels. */
function count({ metrics }: Context, { route, pool, error }: Outcome, milliseconds: number): void {
  const { name: operation, service } = route ?? {}
  metrics.request(
    { pool, service: service?.model.service, operation, outcome: error?.name ?? 'ok' },
    milliseconds / 1000,
  )
}

function log(
  context: Context,
  outcome: Outcome,
  requestId: string,
  address: string | undefined,
  milliseconds: number,
): void {
  const line = {
    requestId,
    operation: outcome.route?.name,
    caller: outcome.caller,
    outcome: outcome.error?.name ?? 'ok',
    // Refused calls often have no known caller: the address helps to find who makes them. Successful calls have
    // `caller`.
    ...(outcome.error && { address }),
    ms: Math.round(milliseconds * 10) / 10,
  }
  if (outcome.error?.name === 'InternalErrorException')
    context.log.error({ ...line, err: outcome.cause }, 'request failed')
  else context.log.info(line, 'request')
}
