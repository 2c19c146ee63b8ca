// The resource that an operation of identity pools acts on (docs/reference/identity-pools-sts-iam-sync.md 17).

import type { Context } from '../context.ts'
import { identityPoolArn } from '../iam/arn-rules.ts'
import type { Resource } from '../service.ts'

/** Operations that AWS authorizes on `*` although their input names a pool. */
const ON_ANY_RESOURCE = new Set(['SetIdentityPoolRoles', 'SetPrincipalTagAttributeMap'])

/** The pool that the input names, by id or by ARN; `*` when it names none. An unknown pool has no tags. */
export async function identityPoolResource(
  { config: { region, accountId }, identityPools }: Pick<Context, 'config' | 'identityPools'>,
  operation: string,
  input: Record<string, unknown>,
): Promise<Resource> {
  const { IdentityPoolId, ResourceArn } = input as { IdentityPoolId?: string; ResourceArn?: string }
  const id = IdentityPoolId ?? ResourceArn?.slice(ResourceArn.lastIndexOf('/') + 1)
  if (id === undefined || ON_ANY_RESOURCE.has(operation)) return { arn: '*' }
  const arn = identityPoolArn(region, accountId, id)
  if (ResourceArn !== undefined && ResourceArn !== arn) return { arn: ResourceArn }
  return { arn, tags: (await identityPools.get(id))?.settings.IdentityPoolTags }
}
