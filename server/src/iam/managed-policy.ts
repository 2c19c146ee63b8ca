// The document of a managed policy, as decisions need it: the default version, from the cache.
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
  // The name alone finds it: path and account have to be right, too.
  if (!policy || entityArn(config.accountId, policy) !== arn) return undefined
  const { versions, defaultVersion } = policy.settings
  return versions.find(({ id }) => id === defaultVersion)?.document
}
