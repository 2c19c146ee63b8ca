// The resource that an operation of identity pools acts on (reference identity-pools 17).
import type { Resource } from '../authorization/authorize.ts'
import type { Config } from '../config/config.ts'
import type { IdentityPoolResources } from './identify.ts'
import { identityPoolArn } from './identity-pools/pool-settings.ts'

/** Operations that AWS authorizes on `*` although their input names a pool. */
const ON_EVERYTHING = new Set(['SetIdentityPoolRoles', 'SetPrincipalTagAttributeMap'])

/** The pool that the input names, by id or by ARN; `*` when it names none. */
export function identityPoolResource(
  { region, accountId }: Pick<Config, 'region' | 'accountId'>,
  operation: string,
  input: Record<string, unknown>,
  { pool }: IdentityPoolResources,
): Resource {
  if (pool && !ON_EVERYTHING.has(operation))
    return { arn: identityPoolArn(region, accountId, pool.id), tags: pool.settings.IdentityPoolTags }
  return { arn: (input['ResourceArn'] as string | undefined) ?? '*' }
}
