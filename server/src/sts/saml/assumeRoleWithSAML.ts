import { createHash } from 'node:crypto'
import { entityArn, parseProviderArn } from '../../iam/arn-rules.ts'
import { encryptionOf } from '../../iam/saml-providers/encryption.ts'
import { verifySamlResponse } from '../../saml/response.ts'
import { assumeRoleSession, isRoleArn } from '../assume-role/assume-role-session.ts'
import { federatedTrust } from '../assume-role/trust.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { packedPolicySize } from '../sessions/packed-size.ts'
import { notAuthorized, type SessionRefusal, sessionRefusalWords } from '../sessions/refusals.ts'
import { readSessionPolicies } from '../sessions/session-policies.ts'
import { sessionTags } from '../sessions/session-tag-rules.ts'
import { samlAudiences, samlRecipients } from './saml-recipients.ts'
import { samlOutOfTime, samlRefusalWords, unknownProvider } from './saml-refusals.ts'
import { grantsRole, readSamlRequest, samlKeys, samlProblems, subjectType } from './saml-rules.ts'

/** docs/reference/identity-pools-sts-iam-sync.md 15.3. */
export const assumeRoleWithSAML = operation('AssumeRoleWithSAML', async (context, request) => {
  const { input, fail, remoteAddress } = request
  const { RoleArn, PrincipalArn } = input
  const { config, iam } = context
  const { accountId } = config
  const now = context.clock.now()
  const sessionError = (refusal: SessionRefusal) => fail(...sessionRefusalWords(refusal, notAuthorized))
  const policies = readSessionPolicies(input)
  if ('refused' in policies) throw sessionError(policies)

  if (!isRoleArn(RoleArn)) throw sessionError({ refused: 'invalid-role-arn', arn: RoleArn })
  const named = parseProviderArn(PrincipalArn)
  if (named?.kind !== 'saml-provider') throw sessionError({ refused: 'invalid-role-arn', arn: PrincipalArn })
  const provider = await iam.entity('saml-provider', named.name)
  if (!provider || entityArn(accountId, provider) !== PrincipalArn) throw fail(...unknownProvider)
  const encryption = encryptionOf(context, provider.settings)
  const signIn = await verifySamlResponse({
    response: input.SAMLAssertion,
    metadata: provider.settings.metadata,
    now,
    audiences: samlAudiences(context),
    recipients: samlRecipients(context),
    ...(encryption && { encryption }),
  })
  if ('refused' in signIn) throw fail(...samlRefusalWords[signIn.refused])
  if (now >= signIn.issuedAt + limits.samlAge.max) throw fail(...samlOutOfTime)
  if (!grantsRole(signIn, RoleArn, PrincipalArn))
    throw sessionError({ refused: 'not-allowed', action: 'sts:AssumeRoleWithSAML' })
  const asked = readSamlRequest(signIn)
  if ('refused' in asked) throw fail('InvalidIdentityTokenException', samlProblems[asked.refused])
  const tags = sessionTags(asked.requested)
  if ('refused' in tags) throw sessionError(tags)

  const { name: providerName } = provider.settings
  const nameQualifier = createHash('sha1').update(`${signIn.issuer}${accountId}/${providerName}`).digest('base64')
  const keys = samlKeys(signIn, { accountId, providerName, nameQualifier })
  const assumed = await assumeRoleSession(context, {
    roleArn: RoleArn,
    sessionName: asked.sessionName,
    durationSeconds: input.DurationSeconds ?? asked.seconds,
    notAfter: signIn.sessionNotOnOrAfter,
    ...policies,
    ...tags,
    sourceIdentity: asked.sourceIdentity,
    chained: false,
    action: 'sts:AssumeRoleWithSAML',
    allows: federatedTrust(context, PrincipalArn, keys.all, { sourceIp: remoteAddress }, asked),
    keeps: { federatedProvider: PrincipalArn, context: keys.lasting },
  })
  if ('refused' in assumed) throw sessionError(assumed)
  return {
    Credentials: assumed.credentials,
    AssumedRoleUser: assumed.assumedRoleUser,
    PackedPolicySize: packedPolicySize(assumed.packed),
    Subject: signIn.nameId,
    SubjectType: subjectType(signIn.nameIdFormat),
    Issuer: signIn.issuer,
    Audience: signIn.recipient,
    NameQualifier: nameQualifier,
    SourceIdentity: asked.sourceIdentity,
  }
})
