// Assumes a role for a verified web identity. AssumeRoleWithWebIdentity uses it, and identity pools for their
// credentials (docs/reference/identity-pools-sts-iam-sync.md 4.5, 15.3).

import type { RequestFacts } from '../../authorization/request-facts.ts'
import type { Context } from '../../context.ts'
import type { ContextEntries } from '../../policy/request-context.ts'
import { assumeRoleSession, type RoleSession } from '../assume-role/assume-role-session.ts'
import { federatedTrust } from '../assume-role/trust.ts'
import type { SessionRefusal } from '../sessions/refusals.ts'
import type { SessionPolicies } from '../sessions/session-policies.ts'
import { sessionTags } from '../sessions/session-tag-rules.ts'
import type { WebIdentity } from './web-identity.ts'

export interface WebIdentityRequest extends SessionPolicies {
  roleArn: string
  sessionName: string
  /** When absent, the default of role sessions (sessions/duration-rules.ts). */
  durationSeconds?: number | undefined
  identity: WebIdentity
  /** Where the request came from, for conditions such as aws:SourceIp. */
  facts?: Partial<RequestFacts>
}

/** Credentials of the role, or why they are refused. Session policies have been parsed (session-policies.ts). */
export async function assumeWithWebIdentity(
  context: Pick<Context, 'iam' | 'config' | 'publicUrl' | 'clock' | 'random' | 'sessionTokens' | 'log' | 'metrics'>,
  { roleArn, sessionName, durationSeconds, identity, policies, policyArns, facts = {} }: WebIdentityRequest,
): Promise<RoleSession | SessionRefusal> {
  const { federatedPrincipal, keys, sourceIdentity, transitiveTagKeys = [] } = identity
  const requested = { tags: Object.entries(identity.tags ?? {}), transitiveTagKeys }
  const tags = sessionTags(requested)
  if ('refused' in tags) return tags
  return assumeRoleSession(context, {
    roleArn,
    sessionName,
    durationSeconds,
    policies,
    policyArns,
    ...tags,
    sourceIdentity,
    chained: false,
    action: 'sts:AssumeRoleWithWebIdentity',
    allows: federatedTrust(context, federatedPrincipal, conditionEntries(keys), facts, {
      sessionName,
      requested,
      sourceIdentity,
    }),
    keeps: { federatedProvider: federatedPrincipal, context: lastingKeys(keys) },
  })
}

/** A key with one value counts as single-valued: policies compare it without a set operator. */
const conditionEntries = (keys: WebIdentity['keys']): ContextEntries =>
  Object.entries(keys).map(([key, values]) => [key, values.length === 1 ? values[0] : values] as const)

/**
 * Keys that hold for the whole session (docs/reference/identity-pools-sts-iam-sync.md 16.5): those of the user and the
 * application.
 */
const LASTING = /:(sub|aud|amr|oaud|app_id|id|user_id)$/

const lastingKeys = (keys: WebIdentity['keys']): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(keys)
      .filter(([key]) => LASTING.test(key))
      .map(([key, values]) => [key, [...values]]),
  )
