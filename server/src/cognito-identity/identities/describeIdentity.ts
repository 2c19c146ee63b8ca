import { operation } from '../operation.ts'
import { identityType } from './identity-type.ts'
import { requireIdentity } from './require-identity.ts'

export const describeIdentity = operation('DescribeIdentity', async (context, { input, caller }) =>
  identityType((await requireIdentity(context, input.IdentityId, caller)).identity),
)
