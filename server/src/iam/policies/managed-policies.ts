// Managed policies by their ARNs: those of the account, which are stored, and those of AWS, which are built in and
// read-only.
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import { ApiError } from '../../errors.ts'
import { entityArn, parseEntityArn } from '../arn-rules.ts'
import { type AwsManagedPolicy, awsManagedPolicy } from '../aws-managed-policies.ts'
import { type Reference, requireEntity } from '../entity-changes.ts'
import { entityKey, type ManagedPolicy } from '../entity-types.ts'
import { invalidArnError, noSuchPolicyError } from '../iam-errors.ts'

/** A policy of the account. Throws ValidationError for a text that is not an ARN. */
export function policyReference({ config }: Pick<Context, 'config'>, arn: string): Reference<'policy'> {
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:./.test(arn)) throw invalidArnError()
  const parsed = parseEntityArn(arn)
  return {
    kind: 'policy',
    // No policy has an empty name: the ARN of another kind of entity finds nothing.
    key: entityKey('policy', parsed?.kind === 'policy' ? parsed.name : ''),
    means: (policy) => entityArn(config.accountId, policy) === arn,
    notFoundError: () => noSuchPolicyError(arn),
  }
}

/** A policy that is to be changed. Throws AccessDenied for an AWS managed policy. */
export function ownPolicy(context: Pick<Context, 'config'>, arn: string): Reference<'policy'> {
  if (awsManagedPolicy(arn)) throw new ApiError('AccessDeniedException', `Policy ${arn} is outside your own account.`)
  return policyReference(context, arn)
}

/** A policy to be read, of AWS or the account. Throws NoSuchEntity. */
export async function findManagedPolicy(
  context: Pick<Context, 'config'>,
  db: Db,
  arn: string,
): Promise<{ builtIn: AwsManagedPolicy } | { own: ManagedPolicy }> {
  const builtIn = awsManagedPolicy(arn)
  return builtIn ? { builtIn } : { own: await requireEntity(db, policyReference(context, arn)) }
}

/** Path and name in the ARN of a policy that is known to exist. */
export function policyNameOf(arn: string): { path: string; name: string } {
  const { path, name } = parseEntityArn(arn) as { path: string; name: string }
  return { path, name }
}
