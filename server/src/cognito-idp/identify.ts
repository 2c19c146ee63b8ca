// The step `identify` of api/pipeline.ts for user pools: finds the caller, and the pool and app client of the request.

import type { Context } from '../context.ts'
import type { OperationModel } from '../contract/service-model.ts'
import { type AnyCaller, fail, type SignedCaller } from '../operation.ts'
import type { NamedOperation } from '../service.ts'
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
 * The caller, pool and client of a request, named by its input or its access token. Throws ResourceNotFoundException or
 * UnauthorizedException, and what verifyAccessToken and checkSecretHash throw.
 */
export async function identifyUserPool(
  context: Context,
  { model }: NamedOperation,
  input: Record<string, unknown>,
  signer: SignedCaller | undefined,
): Promise<UserPoolResources> {
  const {
    UserPoolId: poolId,
    ClientId: namedClient,
    AccessToken: token,
  } = input as { UserPoolId?: string; ClientId?: string; AccessToken?: string }
  if (model.caller === 'user-token' || (model.caller === 'token-or-session' && token !== undefined)) {
    const { pool, client, user, claims } = await verifyAccessToken(context, token ?? '')
    return { caller: { kind: 'user', user, claims }, pool, client }
  }
  const pool = poolId === undefined ? undefined : await findPool(context, poolId, signer)
  const clientId = namedClient === ALL_CLIENTS && namesAllClients(model) ? undefined : namedClient
  const client = clientId === undefined ? undefined : await findClient(context, clientId, pool, model)
  // A public call names only its client, which belongs to one pool.
  const poolOfClient = pool ?? (client && (await findPool(context, client.userPoolId, signer)))
  if (client && !signer) checkSecretHash(client, input)
  return { caller: signer ?? { kind: 'anonymous' }, pool: poolOfClient, client }
}

/** Get- and SetUICustomization know the name ALL for the clients of a pool (docs/reference/oauth-and-federation.md 16). */
const namesAllClients = ({ input }: OperationModel): boolean => input?.endsWith('UICustomizationRequest') ?? false

/** A signed call sees the pools of its region; a public one names no region. */
async function findPool(context: Context, id: string, signer: SignedCaller | undefined): Promise<UserPool> {
  const pool = await context.userPools.pool(id)
  if (!pool || (signer && signer.region !== pool.region))
    throw fail('ResourceNotFoundException', `User pool ${id} does not exist.`)
  return pool
}

async function findClient(
  context: Context,
  id: string,
  pool: UserPool | undefined,
  model: OperationModel,
): Promise<UserPoolClient> {
  const client = await context.userPools.client(id)
  if (client && (!pool || client.userPoolId === pool.id)) return client
  // RevokeToken declares no ResourceNotFoundException: an unknown client is an unauthorized one there.
  const error = model.errors.includes('ResourceNotFoundException')
    ? 'ResourceNotFoundException'
    : 'UnauthorizedException'
  throw fail(error, `User pool client ${id} does not exist.`)
}
