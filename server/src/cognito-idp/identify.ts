// The step `identify` of api/pipeline.ts for user pools: finds the caller, and the pool and app client of the request.

import type { Context } from '../context.ts'
import type { OperationModel } from '../contract/service-model.ts'
import type { ApiError } from '../errors.ts'
import { type AnyCaller, fail, type SignedCaller } from '../operation.ts'
import type { NamedOperation } from '../service.ts'
import { type Place, poolAt } from './replicas/place-rules.ts'
import { kindOf, regionProblem } from './replicas/served-rules.ts'
import { placeOfSession } from './sign-in/session.ts'
import { verifyAccessToken } from './tokens/access-token.ts'
import { ALL_CLIENTS } from './ui-customization/customization-store.ts'
import { checkSecretHash } from './user-pool-clients/check-secret-hash.ts'
import type { UserPoolClient } from './user-pool-clients/client-store.ts'
import type { UserPool } from './user-pools/pool-store.ts'

export interface UserPoolResources {
  caller: AnyCaller
  pool: UserPool | undefined
  client: UserPoolClient | undefined
}

/**
 * The caller, pool and client of a request, named by its input or its access token. Throws ResourceNotFoundException,
 * UnauthorizedException or OperationNotEnabledException, and what verifyAccessToken and checkSecretHash throw.
 */
export async function identifyUserPool(
  context: Context,
  operation: NamedOperation,
  input: Record<string, unknown>,
  signer: SignedCaller | undefined,
  addressedIn?: string,
): Promise<UserPoolResources> {
  const { model } = operation
  const place: Place = { region: signer?.region ?? addressedIn, addressedIn }
  const {
    UserPoolId: poolId,
    ClientId: namedClient,
    AccessToken: token,
  } = input as { UserPoolId?: string; ClientId?: string; AccessToken?: string }
  if (model.caller === 'user-token' || (model.caller === 'token-or-session' && token !== undefined)) {
    const { pool, client, user, claims } = await verifyAccessToken(context, token ?? '')
    return {
      caller: { kind: 'user', user, claims },
      pool: requireServed(seenAt(pool, place, model), operation),
      client,
    }
  }
  if (model.caller === 'token-or-session') await requireServedSession(context, operation, input, place)
  const pool = poolId === undefined ? undefined : await findPool(context, poolId, place, model)
  const clientId = namedClient === ALL_CLIENTS && namesAllClients(model) ? undefined : namedClient
  const client = clientId === undefined ? undefined : await findClient(context, clientId, pool, model)
  // A public call names only its client, which belongs to one pool.
  const poolOfClient = pool ?? (client && (await findPool(context, client.userPoolId, place, model)))
  if (poolOfClient) requireServed(poolOfClient, operation)
  if (client && !signer) checkSecretHash(client, input)
  return { caller: signer ?? { kind: 'anonymous' }, pool: poolOfClient, client }
}

/** Get- and SetUICustomization know the name ALL for the clients of a pool (docs/reference/oauth-and-federation.md 16). */
const namesAllClients = ({ input }: OperationModel): boolean => input?.endsWith('UICustomizationRequest') ?? false

/** RevokeToken declares no ResourceNotFoundException: an unknown client is an unauthorized one there. */
const notFoundError = ({ errors, caller }: OperationModel, message: string): ApiError =>
  fail(
    caller !== 'public' || errors.includes('ResourceNotFoundException')
      ? 'ResourceNotFoundException'
      : 'UnauthorizedException',
    message,
  )
const noSuchPoolError = (id: string, model: OperationModel): ApiError =>
  notFoundError(model, `User pool ${id} does not exist.`)

/** A signed call names a region, a public one does where its address does. */
async function findPool(context: Context, id: string, place: Place, model: OperationModel): Promise<UserPool> {
  const pool = await context.userPools.pool(id)
  if (!pool) throw noSuchPoolError(id, model)
  return seenAt(pool, place, model)
}

/** The pool as the region of the request sees it. */
function seenAt(pool: UserPool, place: Place, model: OperationModel): UserPool {
  const seen = poolAt(pool, place)
  if (!seen) throw noSuchPoolError(pool.id, model)
  return seen
}

/** The same pool. Throws OperationNotEnabledException in a region that does not serve the operation. */
function requireServed(pool: UserPool, { name, model }: NamedOperation): UserPool {
  const problem = regionProblem(pool, kindOf(name, model.caller === 'signed'))
  if (problem !== undefined) throw fail('OperationNotEnabledException', problem)
  return pool
}

/** A session names its pool; what is wrong with a session is said by the operation. */
async function requireServedSession(
  context: Context,
  operation: NamedOperation,
  { Session }: { Session?: string },
  place: Place,
): Promise<void> {
  const found = Session === undefined || place.region === undefined ? undefined : await placeOfSession(context, Session)
  if (found) requireServed(seenAt(found.pool, place, operation.model), operation)
}

async function findClient(
  context: Context,
  id: string,
  pool: UserPool | undefined,
  model: OperationModel,
): Promise<UserPoolClient> {
  const client = await context.userPools.client(id)
  if (client && (!pool || client.userPoolId === pool.id)) return client
  throw notFoundError(model, `User pool client ${id} does not exist.`)
}
