import { createEntity } from '../entity-changes.ts'
import { nameTakenError } from '../iam-errors.ts'
import { operation } from '../operation.ts'
import { takeBoundary } from '../policies/boundaries.ts'
import { policyReference } from '../policies/managed-policies.ts'
import { newTags } from '../tags.ts'
import { userType } from './user-type.ts'

/**
 * docs/reference/identity-pools-sts-iam-sync.md 18.2. A new user has no access keys, policies or groups: other
 * operations add them.
 */
export const createUser = operation('CreateUser', async (context, { input }) => {
  const { UserName: name, Path: path = '/', PermissionsBoundary: boundaryArn, Tags } = input
  if (boundaryArn !== undefined) policyReference(context, boundaryArn)
  const user = await createEntity(context, {
    kind: 'user',
    name,
    settings: {
      name,
      path,
      inlinePolicies: {},
      attachedPolicies: [],
      groups: [],
      tags: newTags(Tags),
      ...(boundaryArn !== undefined && { boundaryArn }),
    },
    takenError: () => nameTakenError('user', name),
    alongside: (db, key) => takeBoundary(context, key, boundaryArn, db),
  })
  return { User: userType(context.config.accountId, user) }
})
