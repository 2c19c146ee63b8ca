// Trust policies as they come in: their form, their size, and that the users and roles of this account that they name are
// there. What is stored is the text as it came; principals are compared by their ARNs (docs/behaviour/iam.md).
import { parsePolicy, policySize } from '../../authorization/iam/policy-grammar.ts'
import type { Context } from '../../context.ts'
import { entityArn, parseEntityArn } from '../arn-rules.ts'
import { findEntity } from '../entity-store.ts'
import { entityKey } from '../entity-types.ts'
import { TRUST_POLICY_SIZE } from '../quotas.ts'
import { malformedPolicy, quotaExceeded } from '../refusals.ts'

/** Throws MalformedPolicyDocument, or LimitExceeded for one that is too long. */
export async function checkTrustPolicy(context: Pick<Context, 'db' | 'config'>, text: string): Promise<void> {
  const parsed = parsePolicy(text, 'trust')
  if ('malformed' in parsed) throw malformedPolicy(parsed.malformed)
  if (policySize(text) > TRUST_POLICY_SIZE) throw quotaExceeded({ most: TRUST_POLICY_SIZE, name: 'ACLSizePerRole' })
  const named = parsed.document.statements.flatMap(({ principal }) => principal?.entries ?? [])
  for (const arn of new Set(named.filter(({ type }) => type === 'AWS').map(({ value }) => value)))
    if (!(await mayExist(context, arn))) throw malformedPolicy(`Invalid principal in policy: "AWS":"${arn}"`)
}

/** False for a user or role of this account that is not there; what is elsewhere cannot be known. */
async function mayExist({ db, config: { accountId } }: Pick<Context, 'db' | 'config'>, arn: string): Promise<boolean> {
  const parsed = parseEntityArn(arn)
  if (parsed?.accountId !== accountId || (parsed.kind !== 'role' && parsed.kind !== 'user')) return true
  const entity = await findEntity(db, parsed.kind, entityKey(parsed.kind, parsed.name))
  return entity !== undefined && entityArn(accountId, entity) === arn
}
