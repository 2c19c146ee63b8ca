import { decide } from '../../authorization/authorize.ts'
import { denialStart } from '../../policy/denial-text.ts'
import { operation } from '../operation.ts'
import { mfaProblem } from '../sessions/mfa-rules.ts'
import { packedPolicySize } from '../sessions/packed-size.ts'
import { type SessionRefusal, sessionRefusalWords } from '../sessions/refusals.ts'
import { readSessionPolicies } from '../sessions/session-policies.ts'
import { sessionTags } from '../sessions/session-tag-rules.ts'
import { assumeRoleSession } from './assume-role-session.ts'
import { trustKeys } from './trust.ts'

/** docs/reference/identity-pools-sts-iam-sync.md 15.3, 15.5. */
export const assumeRole = operation('AssumeRole', async (context, { input, caller, fail }) => {
  const { RoleArn, RoleSessionName, ExternalId, SourceIdentity } = input
  const sessionError = (refusal: SessionRefusal) =>
    fail(...sessionRefusalWords(refusal, (action) => denialStart({ caller: caller.arn, action, resource: RoleArn })))
  const { kind, session } = caller.principal
  if (kind === 'root') throw fail('AccessDenied', 'Roles may not be assumed by root accounts.')
  if (input.ProvidedContexts !== undefined)
    throw fail('InvalidParameterValue', 'ProvidedContexts need IAM Identity Center, which Cognomen does not have.')
  const problem = mfaProblem(input)
  if (problem !== undefined) throw fail('AccessDenied', problem)
  const policies = readSessionPolicies(input)
  if ('refused' in policies) throw sessionError(policies)
  const requested = {
    tags: input.Tags?.map(({ Key, Value }) => [Key, Value] as const) ?? [],
    transitiveTagKeys: input.TransitiveTagKeys ?? [],
  }
  const tags = sessionTags(requested, session)
  if ('refused' in tags) throw sessionError(tags)
  // A source identity that is set once cannot change in the roles of a chain.
  const sourceIdentity = session?.sourceIdentity ?? SourceIdentity
  if (SourceIdentity !== undefined && SourceIdentity !== sourceIdentity)
    throw sessionError({ refused: 'not-allowed', action: 'sts:SetSourceIdentity' })
  const trustRequest = { sessionName: RoleSessionName, requested, sourceIdentity, externalId: ExternalId }
  const assumed = await assumeRoleSession(context, {
    roleArn: RoleArn,
    sessionName: RoleSessionName,
    durationSeconds: input.DurationSeconds,
    ...policies,
    ...tags,
    sourceIdentity,
    chained: kind === 'role-session',
    action: 'sts:AssumeRole',
    allows: async (role, action) => {
      const resource = { arn: RoleArn }
      return (await decide(context, caller, { action, resource, keys: trustKeys(trustRequest, role), assumed: role }))
        .allowed
    },
  })
  if ('refused' in assumed) throw sessionError(assumed)
  return {
    Credentials: assumed.credentials,
    AssumedRoleUser: assumed.assumedRoleUser,
    PackedPolicySize: packedPolicySize(assumed.packed),
    SourceIdentity: sourceIdentity,
  }
})
