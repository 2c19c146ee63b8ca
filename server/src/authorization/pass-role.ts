// iam:PassRole: who makes a service act under a role must be allowed to hand it that role, or they could give
// themselves permissions that they do not have (docs/reference/identity-pools-sts-iam-sync.md 3, 17).
import type { Context } from '../context.ts'
import { entityArn, parseEntityArn } from '../iam/arn-rules.ts'
import type { SignedCaller } from '../operation.ts'
import { authorize } from './authorize.ts'

/** Throws AccessDeniedException when the caller may not pass the role to the service, such as cognito-identity.amazonaws.com. */
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

/** Tags of a role of this account; undefined for an ARN that names none. */
async function roleTags({ iam, config }: Context, arn: string): Promise<Record<string, string> | undefined> {
  const parsed = parseEntityArn(arn)
  const role = parsed?.kind === 'role' ? await iam.entity('role', parsed.name) : undefined
  if (!role || entityArn(config.accountId, role) !== arn) return undefined
  return Object.fromEntries(role.settings.tags.map(({ Key, Value }) => [Key, Value]))
}
