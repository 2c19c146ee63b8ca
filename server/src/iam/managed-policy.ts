// The document of a managed policy for authorization decisions: its default version, from the cache.
import type { Context } from '../context.ts'
import { entityArn, parseEntityArn } from './arn-rules.ts'
import { awsManagedPolicy } from './aws-managed-policies.ts'

/** Undefined for an ARN that names no policy. */
export async function policyDocument(
  { iam, config }: Pick<Context, 'iam' | 'config'>,
  arn: string,
): Promise<string | undefined> {
  const builtIn = awsManagedPolicy(arn)
  if (builtIn) return builtIn.document
  const named = parseEntityArn(arn)
  if (named?.kind !== 'policy') return undefined
  const policy = await iam.entity('policy', named.name)
  // The lookup is by name alone: path and account have to match as well.
  if (!policy || entityArn(config.accountId, policy) !== arn) return undefined
  const { versions, defaultVersion } = policy.settings
  return versions.find(({ id }) => id === defaultVersion)?.document
}
