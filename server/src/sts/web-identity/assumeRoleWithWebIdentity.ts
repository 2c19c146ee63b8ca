import { operation } from '../operation.ts'
import { packedPolicySize } from '../sessions/packed-size.ts'
import { notAuthorized, type SessionRefusal, sessionRefusalWords } from '../sessions/refusals.ts'
import { readSessionPolicies } from '../sessions/session-policies.ts'
import { assumeWithWebIdentity } from './assume-role-with-web-identity.ts'
import { tokenRefusalWords } from './token-refusals.ts'
import { readWebIdentityToken } from './web-identity-token.ts'

/** docs/reference/identity-pools-sts-iam-sync.md 15.3, 15.6. */
export const assumeRoleWithWebIdentity = operation('AssumeRoleWithWebIdentity', async (context, request) => {
  const { input, fail, remoteAddress } = request
  const sessionError = (refusal: SessionRefusal) => fail(...sessionRefusalWords(refusal, notAuthorized))
  const policies = readSessionPolicies(input)
  if ('refused' in policies) throw sessionError(policies)
  const identity = await readWebIdentityToken(context, input.WebIdentityToken, input.ProviderId)
  if ('refused' in identity) throw fail(...tokenRefusalWords(identity))
  const assumed = await assumeWithWebIdentity(context, {
    roleArn: input.RoleArn,
    sessionName: input.RoleSessionName,
    durationSeconds: input.DurationSeconds,
    identity,
    ...policies,
    facts: { sourceIp: remoteAddress },
  })
  if ('refused' in assumed) throw sessionError(assumed)
  return {
    Credentials: assumed.credentials,
    SubjectFromWebIdentityToken: identity.subject,
    AssumedRoleUser: assumed.assumedRoleUser,
    PackedPolicySize: packedPolicySize(assumed.packed),
    Provider: identity.federatedPrincipal,
    Audience: identity.audience,
    SourceIdentity: identity.sourceIdentity,
  }
})
