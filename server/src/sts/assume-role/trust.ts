// Evaluates the trust policies of roles: condition keys, and decisions for federated callers
// (docs/reference/identity-pools-sts-iam-sync.md 16.5).
import { requestKeys } from '../../authorization/context-keys.ts'
import type { RequestFacts } from '../../authorization/request-facts.ts'
import type { Context } from '../../context.ts'
import { entityArn } from '../../iam/arn-rules.ts'
import type { Role } from '../../iam/entity-types.ts'
import { compilePolicy } from '../../policy/compile-policy.ts'
import { evaluate } from '../../policy/evaluate.ts'
import { type ContextEntries, type ContextSource, createRequestContext } from '../../policy/request-context.ts'
import type { AssumeAction } from '../sessions/refusals.ts'
import type { RequestedTags } from '../sessions/session-tag-rules.ts'

const unknownFacts: RequestFacts = { sourceIp: undefined, userAgent: undefined, referer: undefined }

export interface TrustRequest {
  sessionName: string
  requested: RequestedTags
  sourceIdentity?: string | undefined
  externalId?: string | undefined
}

/** Condition keys of a request for a role. */
export function trustKeys(
  { sessionName, requested, sourceIdentity, externalId }: TrustRequest,
  role: Role,
): ContextEntries {
  const { tags, transitiveTagKeys } = requested
  const entries: [key: string, source: ContextSource][] = [
    ['sts:RoleSessionName', sessionName],
    ['sts:SourceIdentity', sourceIdentity],
    ['sts:ExternalId', externalId],
    ['sts:TransitiveTagKeys', transitiveTagKeys],
    ['aws:TagKeys', tags.map(([key]) => key)],
  ]
  for (const [key, value] of tags) entries.push([`aws:RequestTag/${key}`, value])
  for (const { Key, Value } of role.settings.tags)
    entries.push([`aws:ResourceTag/${Key}`, Value], [`iam:ResourceTag/${Key}`, Value])
  return entries
}

/** The decision for a caller that a token or an assertion authenticated: the trust policy alone decides. */
export function federatedTrust(
  { config, publicUrl, clock }: Pick<Context, 'config' | 'publicUrl' | 'clock'>,
  provider: string,
  keys: ContextEntries,
  facts: Partial<RequestFacts>,
  request: TrustRequest,
): (role: Role, action: AssumeAction) => boolean {
  return (role, action) =>
    evaluate(
      {
        action,
        resource: entityArn(config.accountId, role),
        principal: { kind: 'federated', arn: provider },
        context: createRequestContext(
          requestKeys(config, publicUrl, { facts: { ...unknownFacts, ...facts } }, clock.now()),
          keys,
          trustKeys(request, role),
        ),
      },
      { identity: [], trust: compilePolicy(role.settings.trustPolicy, 'trust') },
    ).allowed
}
