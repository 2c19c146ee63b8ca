// Managed policies by their ARNs: the account's own, which are rows, and AWS's, which are built in.
import type { Context } from '../../context.ts'
import { entityArn, parseEntityArn } from '../arn-rules.ts'
import type { Reference } from '../entity-changes.ts'
import { entityKey } from '../entity-types.ts'
import { invalidArn, noSuchPolicy } from '../refusals.ts'

/** Throws ValidationError for a text that is no ARN. */
export function policyReference({ config }: Pick<Context, 'config'>, arn: string): Reference<'policy'> {
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:./.test(arn)) throw invalidArn()
  const parsed = parseEntityArn(arn)
  return {
    kind: 'policy',
    // The ARN of anything else finds nothing.
    key: parsed?.kind === 'policy' ? entityKey('policy', parsed.name) : entityKey('policy', ''),
    means: (policy) => entityArn(config.accountId, policy) === arn,
    notFound: () => noSuchPolicy(arn),
  }
}

/** Path and name in the ARN of a policy that is known to exist. */
export function policyNameOf(arn: string): { path: string; name: string } {
  const { path, name } = parseEntityArn(arn) as { path: string; name: string }
  return { path, name }
}
