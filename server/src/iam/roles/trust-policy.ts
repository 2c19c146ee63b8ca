// Checks of trust policies in requests: syntax, size, and that the users and roles of this account that they name
// exist. Their unique ids are stored with the text, so that a user or role that is created later under the same name is
// not trusted.

import type { Context } from '../../context.ts'
import { parsePolicy, policySize } from '../../policy/policy-grammar.ts'
import { entityArn, parseEntityArn } from '../arn-rules.ts'
import { findEntity } from '../entity-store.ts'
import { entityKey, type RoleSettings } from '../entity-types.ts'
import { malformedPolicyError, quotaExceededError } from '../iam-errors.ts'
import { limits } from '../limits.ts'

/**
 * The policy with the unique ids of the users and roles that it names. Throws MalformedPolicyDocument, or LimitExceeded
 * when it is too long.
 */
export async function readTrustPolicy(
  context: Pick<Context, 'db' | 'config'>,
  text: string,
): Promise<Pick<RoleSettings, 'trustPolicy' | 'trustedIds'>> {
  const parsed = parsePolicy(text, 'trust')
  if ('malformed' in parsed) throw malformedPolicyError(parsed.malformed)
  if (policySize(text) > limits.trustPolicySize.max) throw quotaExceededError(limits.trustPolicySize)
  const named = parsed.document.statements.flatMap(({ principal }) => principal?.entries ?? [])
  const trustedIds: [arn: string, id: string][] = []
  for (const arn of new Set(named.filter(({ type }) => type === 'AWS').map(({ value }) => value))) {
    const id = await idOf(context, arn)
    if (id === 'missing') throw malformedPolicyError(`Invalid principal in policy: "AWS":"${arn}"`)
    if (id !== undefined) trustedIds.push([arn, id])
  }
  return { trustPolicy: text, ...(trustedIds.length > 0 && { trustedIds: Object.fromEntries(trustedIds) }) }
}

/** The unique id of a user or role of this account, `missing` for an unknown one; undefined for any other ARN. */
async function idOf(
  { db, config: { accountId } }: Pick<Context, 'db' | 'config'>,
  arn: string,
): Promise<string | 'missing' | undefined> {
  const parsed = parseEntityArn(arn)
  if (parsed?.accountId !== accountId || (parsed.kind !== 'role' && parsed.kind !== 'user')) return undefined
  const entity = await findEntity(db, parsed.kind, entityKey(parsed.kind, parsed.name))
  return entity !== undefined && entityArn(accountId, entity) === arn ? entity.id : 'missing'
}
