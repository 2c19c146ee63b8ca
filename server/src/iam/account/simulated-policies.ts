// The policies of a simulation and their ids in its answer: those of a user, group or role, and those of the request.

import type { Context } from '../../context.ts'
import type { PolicyIdentifier } from '../../contract/iam.types.ts'
import { ApiError } from '../../errors.ts'
import { parsePolicy } from '../../policy/policy-grammar.ts'
import { parseEntityArn } from '../arn-rules.ts'
import { awsManagedPolicy } from '../aws-managed-policies.ts'
import { named, requireEntity } from '../entity-changes.ts'
import { findEntities } from '../entity-store.ts'
import { policyDocument } from '../managed-policy.ts'
import type { Holder } from '../policies/holders.ts'
import { policyNameOf } from '../policies/managed-policies.ts'

export interface SimulatedPolicy {
  /** `role_name_policy`, the name of a managed policy, or `PolicyInputList.1`. */
  id: string
  type: 'user' | 'group' | 'role' | 'aws-managed' | 'user-managed' | 'resource' | 'none'
  text: string
  /** What PolicyExclusionList names it by. */
  source?:
    | { arn: string; boundary?: true }
    | { holder: 'role' | 'user' | 'group'; holderName: string; policyName: string }
}

const invalidInputError = (message: string): ApiError => new ApiError('InvalidInputException', message)

/** The policies of a request, checked like policies to be stored. Throws InvalidInput. */
export function givenPolicies(member: string, texts: readonly string[] = []): SimulatedPolicy[] {
  return texts.map((text, index) => {
    const id = `${member}.${index + 1}`
    const parsed = parsePolicy(text, 'identity')
    if ('malformed' in parsed) throw invalidInputError(`Invalid policy ${id}: ${parsed.malformed}`)
    return { id, type: 'none', text }
  })
}

/** The user, group or role of an ARN. Throws InvalidInput for an ARN of anything else, NoSuchEntity. */
export async function policySource({ db, config }: Pick<Context, 'db' | 'config'>, arn: string): Promise<Holder> {
  const parsed = parseEntityArn(arn)
  if (!parsed || parsed.kind === ('policy' as string) || parsed.accountId !== config.accountId)
    throw invalidInputError(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`)
  return requireEntity(db, named(parsed.kind as Holder['kind'], parsed.name))
}

/** Inline and attached policies, for a user including those of its groups. */
export async function policiesOf(context: Context, source: Holder): Promise<SimulatedPolicy[]> {
  const groups = source.kind === 'user' && 'groups' in source.settings ? source.settings.groups : []
  const holders: Holder[] = [source, ...(await findEntities(context.db, 'group', groups))]
  const policies = await Promise.all(
    holders.map(async (holder) => [
      ...inlinePoliciesOf(holder),
      ...(await Promise.all(holder.settings.attachedPolicies.map((arn) => managedPolicy(context, arn)))).flat(),
    ]),
  )
  return policies.flat()
}

/** The boundary; undefined without one, empty when the policy was deleted. */
export async function boundaryOf(context: Context, { settings }: Holder): Promise<SimulatedPolicy[] | undefined> {
  const arn = 'boundaryArn' in settings ? settings.boundaryArn : undefined
  if (arn === undefined) return undefined
  return (await managedPolicy(context, arn)).map((policy) => ({ ...policy, source: { arn, boundary: true } }))
}

const inlinePoliciesOf = ({ kind, settings }: Holder): SimulatedPolicy[] =>
  Object.entries(settings.inlinePolicies).map(([policyName, text]) => ({
    id: `${kind}_${settings.name}_${policyName}`,
    type: kind,
    text,
    source: { holder: kind, holderName: settings.name, policyName },
  }))

async function managedPolicy(context: Context, arn: string): Promise<SimulatedPolicy[]> {
  const text = await policyDocument(context, arn)
  const type = awsManagedPolicy(arn) ? 'aws-managed' : 'user-managed'
  return text === undefined ? [] : [{ id: policyNameOf(arn).name, type, text, source: { arn } }]
}

/** Whether the request asks to leave a policy out: by kind, by ARN wherever it is used, or as an inline policy. */
export const isExcluded = (policy: SimulatedPolicy, exclusions: readonly PolicyIdentifier[] = []): boolean =>
  exclusions.some(({ PolicyType, PolicyArn, InlinePolicyIdentifier }) => {
    const { source } = policy
    if (!source) return false
    if (PolicyType !== undefined) return PolicyType === excludedType(policy)
    if ('arn' in source) return source.arn === PolicyArn
    return (
      InlinePolicyIdentifier?.AttachmentType === source.holder &&
      InlinePolicyIdentifier.PolicyName === source.policyName &&
      InlinePolicyIdentifier.AttachmentName.toLowerCase() === source.holderName.toLowerCase()
    )
  })

const excludedType = ({ source, type }: SimulatedPolicy): string => {
  if (source && 'holder' in source) return 'inline'
  return source?.boundary ? 'permission-boundary' : type
}
