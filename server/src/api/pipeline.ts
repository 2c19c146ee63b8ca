// DOOR 1, the AWS API: the path of every request, step by step. What operations share happens here and nowhere else, so
// an operation cannot forget it (design, section 3).

import { verifyAccessToken } from '../authorization/access-token.ts'
import { type Authorization, authorize } from '../authorization/authorize.ts'
import { verifySigner } from '../authorization/signer.ts'
import { checkSecretHash } from '../cognito-idp/user-pool-clients/check-secret-hash.ts'
import type { UserPoolClient } from '../cognito-idp/user-pool-clients/client-store.ts'
import type { UserPool } from '../cognito-idp/user-pools/pool-store.ts'
import type { Context } from '../context.ts'
import { WorkRefused } from '../crypto/work-pool.ts'
import { ApiError } from '../errors.ts'
import { type ApiRequest, type ApiResponse, headerOf } from '../http/request.ts'
import { type AnyCaller, fail } from '../operation.ts'
import { newUuid } from '../tokens/uuid.ts'
import { corsHeaders, preflight } from './cors.ts'
import { CONTENT_TYPE, readJsonInput, writeJsonOutput } from './protocols/aws-json.ts'
import { errorWriters } from './protocols/write-error.ts'
import type { Route, Routes } from './table.ts'
import { findViolations } from './validate.ts'

/** Settings of the path; `checkOutputs` is for tests and development. */
export interface Path {
  readonly context: Context
  readonly routes: Routes
  readonly checkOutputs: boolean
}

interface Outcome {
  response: ApiResponse
  operation: string | undefined
  caller: string | undefined
  error: ApiError | undefined
  /** What an internal error really was; for the log only. */
  cause: unknown
}

/** Answers a request of the AWS API. Never rejects. */
export async function handleApi(path: Path, request: ApiRequest): Promise<ApiResponse> {
  const { context } = path
  if (request.method === 'OPTIONS') return preflight(headerOf(request, 'access-control-request-headers'))
  const startedAt = performance.now()
  const requestId = newUuid(context.random)
  const outcome = await run(path, request, requestId)
  Object.assign(outcome.response.headers, corsHeaders, {
    'x-amzn-requestid': requestId,
    // SDKs correct their clocks by it.
    date: new Date(context.clock.now()).toUTCString(),
  })
  log(context, outcome, requestId, performance.now() - startedAt)
  return outcome.response
}

async function run(path: Path, request: ApiRequest, requestId: string): Promise<Outcome> {
  const progress: Progress = { route: undefined, caller: undefined }
  try {
    const body = await answer(path, request, progress)
    return {
      response: { status: 200, headers: { 'content-type': CONTENT_TYPE }, body },
      operation: progress.route?.name,
      caller: nameOf(progress.caller),
      error: undefined,
      cause: undefined,
    }
  } catch (thrown) {
    const error = publicError(thrown)
    const service = progress.route?.service
    const status = error.status ?? service?.errors[error.name]?.status ?? 400
    return {
      response: { status, ...errorWriters[service?.protocol ?? 'json'](error.name, error.message, status, requestId) },
      operation: progress.route?.name,
      caller: nameOf(progress.caller),
      error,
      cause: thrown,
    }
  }
}

/** How far a request came, for its log line. */
interface Progress {
  route: Route | undefined
  caller: AnyCaller | undefined
}

async function answer(
  { context, routes, checkOutputs }: Path,
  request: ApiRequest,
  progress: Progress,
): Promise<string> {
  const route = findRoute(routes, request)
  progress.route = route
  const signer = route.model.caller === 'signed' ? verifySigner(context, request, route.service.signingName) : undefined
  progress.caller = signer
  if (!route.run) throw notWritten(route)
  const input = readJsonInput(route.service, route.model.input, request.body)
  const violations = findViolations(route.service, route.name, route.model.input, input)
  if (violations !== undefined) throw fail('InvalidParameterException', violations)
  const resources = await identify(context, route, input, signer)
  progress.caller = resources.caller
  await authorize(context, {
    caller: resources.caller,
    service: route.service.service,
    operation: route.name,
    input,
    pool: resources.pool,
  } satisfies Authorization)
  const output = await route.run(context, { input, fail, remoteAddress: request.remoteAddress, ...resources } as never)
  if (checkOutputs) checkOutput(route, output)
  // An acknowledged write survives a crash.
  await context.database.durable()
  return writeJsonOutput(route.service, route.model.output, output)
}

function findRoute(routes: Routes, request: ApiRequest): Route {
  const route = routes.find(request)
  if (route) return route
  throw fail(
    'UnknownOperationException',
    'Unknown operation: the request names no operation of a service that this server speaks (X-Amz-Target, Action or path).',
  )
}

const notWritten = (route: Route): ApiError =>
  new ApiError(
    'NotImplementedException',
    `${route.service.service} ${route.name} is not implemented by Cognomen yet; docs/compatibility.md lists what is.`,
    { status: 501 },
  )

interface Resources {
  caller: AnyCaller
  pool: UserPool | undefined
  client: UserPoolClient | undefined
}

/** The caller, and the pool and client that the request is about: named by the input, or by the caller's token. */
async function identify(
  context: Context,
  route: Route,
  input: Record<string, unknown>,
  signer: AnyCaller | undefined,
): Promise<Resources> {
  const {
    UserPoolId: poolId,
    ClientId: clientId,
    AccessToken: token,
  } = input as { UserPoolId?: string; ClientId?: string; AccessToken?: string }
  if (route.model.caller === 'user-token' || (route.model.caller === 'token-or-session' && token !== undefined)) {
    const { pool, client, user, claims } = await verifyAccessToken(context, token ?? '')
    return { caller: { kind: 'user', user, claims }, pool, client }
  }
  const pool = poolId === undefined ? undefined : await findPool(context, poolId)
  const client = clientId === undefined ? undefined : await findClient(context, clientId, pool, route)
  // A public call never says which pool: its client does.
  const poolOfClient = pool ?? (client && (await findPool(context, client.userPoolId)))
  if (client && !signer) checkSecretHash(client, input)
  return { caller: signer ?? { kind: 'anonymous' }, pool: poolOfClient, client }
}

async function findPool(context: Context, id: string): Promise<UserPool> {
  const pool = await context.settings.pool(id)
  if (!pool) throw fail('ResourceNotFoundException', `User pool ${id} does not exist.`)
  return pool
}

async function findClient(
  context: Context,
  id: string,
  pool: UserPool | undefined,
  route: Route,
): Promise<UserPoolClient> {
  const client = await context.settings.client(id)
  if (client && (!pool || client.userPoolId === pool.id)) return client
  // RevokeToken does not declare that something is not there: its clients have to prove themselves.
  const error = route.model.errors.includes('ResourceNotFoundException')
    ? 'ResourceNotFoundException'
    : 'UnauthorizedException'
  throw fail(error, `User pool client ${id} does not exist.`)
}

function checkOutput(route: Route, output: unknown): void {
  if (route.model.output === undefined) return
  const violations = findViolations(route.service, route.name, route.model.output, output ?? {})
  if (violations !== undefined) throw new Error(`The output of ${route.name} breaks the contract: ${violations}`)
}

function publicError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  if (thrown instanceof WorkRefused) return new ApiError('TooManyRequestsException', 'Rate exceeded', { cause: thrown })
  return new ApiError(
    'InternalErrorException',
    'An internal error occurred; the request id leads to its record in the log.',
    { cause: thrown, status: 500 },
  )
}

const nameOf = (caller: AnyCaller | undefined): string | undefined =>
  caller?.kind === 'signed' ? caller.arn : caller?.kind === 'user' ? caller.user.sub : caller?.kind

function log(context: Context, outcome: Outcome, requestId: string, milliseconds: number): void {
  const line = {
    requestId,
    operation: outcome.operation,
    caller: outcome.caller,
    outcome: outcome.error?.name ?? 'ok',
    ms: Math.round(milliseconds * 10) / 10,
  }
  if (outcome.error?.name === 'InternalErrorException')
    context.log.error({ ...line, err: outcome.cause }, 'request failed')
  else context.log.info(line, 'request')
}
