import { authorize } from '../../authorization/authorize.ts'
import { federatedUserArn } from '../../iam/arn-rules.ts'
import { operation } from '../operation.ts'
import { ownSessionSeconds } from './duration-rules.ts'
import { issueSession } from './issue-session.ts'
import { packedPolicySize } from './packed-size.ts'
import { notAuthorized, type SessionRefusal, sessionRefusalWords } from './refusals.ts'
import { packedRefusal, readSessionPolicies } from './session-policies.ts'
import { sessionTags } from './session-tag-rules.ts'

/**
 * The request path has authorized sts:GetFederationToken and refused temporary credentials
 * (docs/reference/identity-pools-sts-iam-sync.md 15.3).
 */
export const getFederationToken = operation('GetFederationToken', async (context, { input, caller, fail }) => {
  const { principal, accountId } = caller
  const sessionError = (refusal: SessionRefusal) => fail(...sessionRefusalWords(refusal, notAuthorized))
  const policies = readSessionPolicies(input)
  if ('refused' in policies) throw sessionError(policies)
  const requested = { tags: input.Tags?.map(({ Key, Value }) => [Key, Value] as const) ?? [], transitiveTagKeys: [] }
  const tags = sessionTags(requested)
  if ('refused' in tags) throw sessionError(tags)
  const resource = { arn: federatedUserArn(accountId, input.Name) }
  if (tags.tags) await authorize(context, caller, { action: 'sts:TagSession', resource, input: { ...input } })
  const refusal = await packedRefusal(context, { ...policies, ...tags })
  if (refusal) throw sessionError(refusal)
  const user = principal.kind === 'user' ? principal.user : undefined
  return {
    Credentials: issueSession(context, {
      kind: 'federated-user',
      ...(user && { entity: { key: user.key, id: user.id } }),
      name: input.Name,
      durationSeconds: ownSessionSeconds(input.DurationSeconds, user === undefined),
      ...policies,
      ...tags,
    }),
    FederatedUser: { FederatedUserId: `${accountId}:${input.Name}`, Arn: resource.arn },
    PackedPolicySize: packedPolicySize({ ...policies, ...tags }) ?? 0,
  }
})
