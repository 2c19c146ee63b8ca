import { ApiError } from '../../errors.ts'
import { createEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { insertAttachment } from '../policies/attachment-store.ts'
import { createdRole } from '../roles/role-type.ts'
import { linkedRolePath, linkedService, linkedTrustPolicy } from './linked-services.ts'

/**
 * docs/reference/identity-pools-sts-iam-sync.md 18.2. The role exists for clients that require it: this server
 * does not assume it.
 */
export const createServiceLinkedRole = operation('CreateServiceLinkedRole', async (context, { input, fail }) => {
  const { AWSServiceName: service, CustomSuffix, Description } = input
  const linked = linkedService(service)
  if (!linked) throw fail('InvalidInputException', `The service ${service} has no service-linked role here.`)
  if (CustomSuffix !== undefined) throw fail('InvalidInputException', `Custom suffix is not allowed for ${service}`)
  const { roleName, policyArn } = linked
  const role = await createEntity(context, {
    kind: 'role',
    name: roleName,
    settings: {
      name: roleName,
      path: linkedRolePath(service),
      trustPolicy: linkedTrustPolicy(service),
      maxSessionSeconds: 3600,
      inlinePolicies: {},
      attachedPolicies: [policyArn],
      tags: [],
      ...(Description !== undefined && { description: Description }),
    },
    takenError: () =>
      new ApiError(
        'InvalidInputException',
        `Service role name ${roleName} has been taken in this account, please try a different suffix.`,
      ),
    alongside: (db, key) => insertAttachment(db, { entityKey: key, policyArn, use: 'attached' }),
  })
  return { Role: createdRole(context.config.accountId, role) }
})
