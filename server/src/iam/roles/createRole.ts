import { createEntity } from '../entity-changes.ts'
import { nameTakenError } from '../iam-errors.ts'
import { operation } from '../operation.ts'
import { takeBoundary } from '../policies/boundaries.ts'
import { SERVICE_ROLE_PATH } from '../policies/holders.ts'
import { policyReference } from '../policies/managed-policies.ts'
import { newTags } from '../tags.ts'
import { createdRole } from './role-type.ts'
import { readTrustPolicy } from './trust-policy.ts'

const USUAL_SESSION_SECONDS = 3600

/** docs/reference/identity-pools-sts-iam-sync.md 18.3. Role, tags and boundary are written in one transaction. */
export const createRole = operation('CreateRole', async (context, { input, fail }) => {
  const { RoleName: name, Path: path = '/', Description, Tags } = input
  const { PermissionsBoundary: boundaryArn, MaxSessionDuration: maxSessionSeconds = USUAL_SESSION_SECONDS } = input
  // The path of service-linked roles: this role could not be changed or deleted.
  if (path.startsWith(SERVICE_ROLE_PATH))
    throw fail('InvalidInputException', `The path ${SERVICE_ROLE_PATH} is reserved for service-linked roles.`)
  if (boundaryArn !== undefined) policyReference(context, boundaryArn)
  const trust = await readTrustPolicy(context, input.AssumeRolePolicyDocument)
  const role = await createEntity(context, {
    kind: 'role',
    name,
    settings: {
      name,
      path,
      ...trust,
      maxSessionSeconds,
      inlinePolicies: {},
      attachedPolicies: [],
      tags: newTags(Tags),
      ...(Description !== undefined && { description: Description }),
      ...(boundaryArn !== undefined && { boundaryArn }),
    },
    takenError: () => nameTakenError('role', name),
    alongside: (db, key) => takeBoundary(context, key, boundaryArn, db),
  })
  return { Role: createdRole(context.config.accountId, role) }
})
