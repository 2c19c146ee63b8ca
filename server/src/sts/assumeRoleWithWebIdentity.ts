import { assumeWithWebIdentity } from './assume-role-with-web-identity.ts'
import { operation } from './operation.ts'
import { notAuthorized, refusalError, type SessionRefusal } from './refusals.ts'
import { readSessionPolicies } from './session-policies.ts'
import { tokenError } from './token-refusals.ts'
import { readWebIdentityToken } from './web-identity-token.ts'

/** docs/reference/identity-pools-sts-iam-sync.md 15.3, 15.6. */
export const assumeRoleWithWebIdentity = operation('AssumeRoleWithWebIdentity', async (context, request) => {
  const { input, fail, remoteAddress } = request
  const refuse = (refusal: SessionRefusal) => fail(...refusalError(refusal, notAuthorized))
  const policies = readSessionPolicies(input)
  if ('refused' in policies) throw refuse(policies)
  const identity = await readWebIdentityToken(context, input.WebIdentityToken, input.ProviderId)
  if ('refused' in identity) throw fail(...tokenError(identity))
  const assumed = await assumeWithWebIdentity(context, {
    roleArn: input.RoleArn,
    sessionName: input.RoleSessionName,
    durationSeconds: input.DurationSeconds,
    identity,
    ...policies,
    facts: { sourceIp: remoteAddress },
  })
  if ('refused' in assumed) throw refuse(assumed)
  return {
    Credentials: assumed.credentials,
    SubjectFromWebIdentityToken: identity.subject,
    AssumedRoleUser: assumed.assumedRoleUser,
    PackedPolicySize: assumed.packedPolicySize,
    Provider: identity.federatedPrincipal,
    Audience: identity.audience,
    SourceIdentity: identity.sourceIdentity,
  }
})
