// The step `identify` of the request path for Cognito Sync: the caller's kind, the identity of its credentials, the pool that
// the input names.
import type { IdentityPool } from '../cognito-identity/identity-pools/pool-store.ts'
import type { Context } from '../context.ts'
import { IDENTITY_POOL_PROVIDER } from '../iam/arn-rules.ts'
import { type AnyCaller, fail, type SignedCaller } from '../operation.ts'
import { enforce } from '../refusal-rules.ts'
import type { NamedOperation } from '../service.ts'
import { callerRefusal } from './caller-rules.ts'
import type { OperationName, SigningIdentity } from './operation.ts'

export interface CognitoSyncResources {
  caller: AnyCaller
  identity: SigningIdentity | undefined
  pool: IdentityPool | undefined
}

/**
 * Throws NotAuthorizedException for a caller of the wrong kind or another identity, and, where the operation declares it,
 * ResourceNotFoundException for an unknown pool. A call sees the pools of the region that it is signed for.
 */
export async function identifyCognitoSync(
  context: Context,
  { name, model }: NamedOperation,
  input: { IdentityPoolId?: string; IdentityId?: string },
  signer: SignedCaller | undefined,
): Promise<CognitoSyncResources> {
  // Every operation is signed.
  const caller = signer as SignedCaller
  const identity = signingIdentity(caller)
  enforce(fail, callerRefusal(name as OperationName, identity, input, context.config.syncAcrossIdentities))
  const { IdentityPoolId: id } = input
  const found = id === undefined ? undefined : await context.identityPools.get(id)
  const pool = found?.region === caller.region ? found : undefined
  if (id !== undefined && !pool && model.errors.includes('ResourceNotFoundException'))
    throw fail('ResourceNotFoundException', `IdentityPool '${id}' not found.`)
  return { caller, identity, pool }
}

/** The identity whose credentials signed the call, from the condition keys of its session. */
function signingIdentity({ principal }: SignedCaller): SigningIdentity | undefined {
  const keys = principal.session?.context ?? {}
  const id = keys[`${IDENTITY_POOL_PROVIDER}:sub`]?.[0]
  const poolId = keys[`${IDENTITY_POOL_PROVIDER}:aud`]?.[0]
  return id === undefined || poolId === undefined ? undefined : { id, poolId }
}
