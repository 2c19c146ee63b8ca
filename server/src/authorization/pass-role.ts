// iam:PassRole: a caller that makes a service act under a role needs permission to pass that role, or it could give
// itself permissions that it does not have (docs/reference/identity-pools-sts-iam-sync.md 3, 17).
import type { Context } from '../context.ts'
import { entityArn, parseEntityArn } from '../iam/arn-rules.ts'
import type { SignedCaller } from '../operation.ts'
import { authorize } from './authorize.ts'

/** Throws AccessDeniedException when the caller may not pass the role to the service. */
export async function requirePassRole(
  context: Context,
  caller: SignedCaller,
  roleArn: string,
  service = 'cognito-identity.amazonaws.com',
): Promise<void> {
  await authorize(context, caller, {
    action: 'iam:PassRole',
    resource: { arn: roleArn, tags: await roleTags(context, roleArn) },
    keys: [['iam:PassedToService', service]],
  })
}

/** Tags of a role of this account; undefined when the ARN names no such role. */
async function roleTags({ iam, config }: Context, arn: string): Promise<Record<string, string> | undefined> {
  const parsed = parseEntityArn(arn)
  const role = parsed?.kind === 'role' ? await iam.entity('role', parsed.name) : undefined
  if (!role || entityArn(config.accountId, role) !== arn) return undefined
  return Object.fromEntries(role.settings.tags.map(({ Key, Value }) => [Key, Value]))
}
