import { awsManagedPolicy } from '../aws-managed-policies.ts'
import { operation } from '../operation.ts'
import { emptyPage } from '../pagination.ts'
import { listTags } from '../tags.ts'
import { policyReference } from './managed-policies.ts'

/** In the order of keys. AWS managed policies have no tags. */
export const listPolicyTags = operation('ListPolicyTags', async (context, { input }) =>
  awsManagedPolicy(input.PolicyArn)
    ? { Tags: [], ...emptyPage }
    : listTags(context, 'ListPolicyTags', policyReference(context, input.PolicyArn), input),
)
