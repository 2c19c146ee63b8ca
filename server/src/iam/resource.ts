// The resource that an operation of IAM acts on (reference identity-pools 17): found by the name that the input gives.
import type { Resource } from '../authorization/authorize.ts'
import type { Context } from '../context.ts'
import { entityArn } from './arn-rules.ts'
import type { EntityKind } from './entity-types.ts'

/** Which member names the entity that an operation acts on; the first that is given counts. */
const named: readonly (readonly [member: string, kind: EntityKind])[] = [
  ['RoleName', 'role'],
  ['UserName', 'user'],
  ['GroupName', 'group'],
]
/** Members that are ARNs already. `PolicyArn` is one too, where no entity is named beside it. */
const arns = ['OpenIDConnectProviderArn', 'SAMLProviderArn', 'PolicySourceArn', 'PolicyArn'] as const

/** An entity that is not there yet, or not any more, stands under the path of the input, or `/`. */
export async function iamResource(
  { iam, config: { accountId } }: Pick<Context, 'iam' | 'config'>,
  operation: string,
  input: Record<string, unknown>,
): Promise<Resource> {
  const path = (input['Path'] as string | undefined) ?? '/'
  for (const [member, kind] of named) {
    const name = input[member] as string | undefined
    if (name === undefined) continue
    const entity = operation.startsWith('Create') ? undefined : await iam.entity(kind, name)
    if (!entity) return { arn: `arn:aws:iam::${accountId}:${kind}${path}${name}` }
    const { tags } = entity.settings as { tags?: { Key: string; Value: string }[] }
    return {
      arn: entityArn(accountId, entity),
      tags: tags && Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
    }
  }
  for (const member of arns) if (input[member] !== undefined) return { arn: input[member] as string }
  if (input['PolicyName'] !== undefined)
    return { arn: `arn:aws:iam::${accountId}:policy${path}${input['PolicyName'] as string}` }
  return { arn: '*' }
}
