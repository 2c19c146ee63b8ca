// iam:PassRole: who makes a service act under a role must be allowed to hand it that role (reference identity-pools 3, 17).
import type { Context } from '../context.ts'
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
    resource: { arn: roleArn },
    keys: [['iam:PassedToService', service]],
  })
}
