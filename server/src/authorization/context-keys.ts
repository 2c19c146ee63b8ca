// The condition keys of a signed request (docs/reference/identity-pools-sts-iam-sync.md 16.5): of the caller, the
// request, the resource and the input. Values that cost something to compute are functions, called only when a policy
// uses them.
import type { Config } from '../config/config.ts'
import type { SignedCaller } from '../operation.ts'
import type { ContextEntries, ContextSource } from '../policy/request-context.ts'
import { type Principal, principalUserId } from './principal.ts'

type Entry = readonly [key: string, source: ContextSource]

/** Keys of the caller, the same for every request of one session. `roleArn`: the role of a role session. */
export function principalKeys(
  { arn, accountId, principal }: SignedCaller,
  roleArn: string | undefined,
): ContextEntries {
  const { session } = principal
  const entries: Entry[] = [
    ['aws:PrincipalArn', roleArn ?? arn],
    ['aws:PrincipalAccount', accountId],
    ['aws:PrincipalType', PRINCIPAL_TYPES[principal.kind]],
    ['aws:userid', principalUserId(accountId, principal)],
  ]
  if (principal.kind === 'user' || principal.kind === 'user-session')
    entries.push(['aws:username', principal.user.settings.name])
  for (const [key, value] of principalTags(principal)) entries.push([`aws:PrincipalTag/${key}`, value])
  if (!session) return entries
  entries.push(['aws:TokenIssueTime', () => new Date(session.issuedAt).toISOString()])
  // IAM credentials have no second factor (MFA) here, but AWS sets the key for all temporary credentials.
  entries.push(['aws:MultiFactorAuthPresent', 'false'])
  if (session.federatedProvider !== undefined) entries.push(['aws:FederatedProvider', session.federatedProvider])
  if (session.sourceIdentity !== undefined) entries.push(['aws:SourceIdentity', session.sourceIdentity])
  for (const [key, values] of Object.entries(session.context ?? {}))
    entries.push([key, values.length === 1 ? values[0] : values])
  return entries
}

const PRINCIPAL_TYPES: Readonly<Record<Principal['kind'], string>> = {
  root: 'Account',
  user: 'User',
  'user-session': 'User',
  'role-session': 'AssumedRole',
  'federated-user': 'FederatedUser',
}

/**
 * Tags of the role or user, keys in lower case; a session tag replaces one with the same key
 * (docs/reference/identity-pools-sts-iam-sync.md 15.5).
 */
function principalTags(principal: Principal): Map<string, string> {
  const owner =
    principal.kind === 'role-session' ? principal.role : principal.kind === 'root' ? undefined : principal.user
  const tags = new Map<string, string>()
  for (const { Key, Value } of principal.kind === 'federated-user' ? [] : (owner?.settings.tags ?? []))
    tags.set(Key.toLowerCase(), Value)
  for (const [key, value] of Object.entries(principal.session?.tags ?? {})) tags.set(key.toLowerCase(), value)
  return tags
}

/** Keys of where and when a request was made. */
export function requestKeys(
  config: Config,
  publicUrl: string,
  { facts, region = config.region }: Pick<SignedCaller, 'facts'> & Partial<Pick<SignedCaller, 'region'>>,
  now: number,
): ContextEntries {
  return [
    ['aws:CurrentTime', () => new Date(now).toISOString()],
    ['aws:EpochTime', () => String(Math.floor(now / 1000))],
    ['aws:SourceIp', facts.sourceIp],
    ['aws:UserAgent', facts.userAgent],
    ['aws:Referer', facts.referer],
    ['aws:SecureTransport', String(publicUrl.startsWith('https:'))],
    ['aws:RequestedRegion', region],
  ]
}

/**
 * Keys of the resource's tags. Condition keys are case-insensitive, tag keys of some services are case-sensitive: of
 * two tags whose keys differ in case alone the older one counts, so that a new tag cannot hide one that the caller may
 * not change.
 */
export function* resourceKeys(service: string, tags: Readonly<Record<string, string>>): Generator<Entry> {
  for (const [key, value] of firstOfEach(Object.entries(tags))) {
    yield [`aws:ResourceTag/${key}`, value]
    // IAM and STS have the key with their own prefix as well.
    if (service === 'iam' || service === 'sts') yield [`${service}:ResourceTag/${key}`, value]
  }
}

/** Keys of the input: the tags that it sets or removes, the policies that it names. */
export function* inputKeys(service: string, input: Readonly<Record<string, unknown>>): Generator<Entry> {
  const tags = inputTags(input)
  for (const [key, value] of firstOfEach(tags)) if (value !== undefined) yield [`aws:RequestTag/${key}`, value]
  if (tags.length > 0) yield ['aws:TagKeys', tags.map(([key]) => key)]
  if (service !== 'iam') return
  for (const [key, member] of [
    ['iam:PolicyARN', 'PolicyArn'],
    ['iam:PermissionsBoundary', 'PermissionsBoundary'],
    ['iam:AWSServiceName', 'AWSServiceName'],
  ] as const)
    if (typeof input[member] === 'string') yield [key, input[member]]
}

/** The first pair of each key, compared without case. */
function firstOfEach<Value>(pairs: readonly (readonly [key: string, value: Value])[]): [key: string, value: Value][] {
  const seen = new Set<string>()
  return pairs.flatMap(([key, value]): [string, Value][] => {
    const folded = key.toLowerCase()
    if (seen.has(folded)) return []
    seen.add(folded)
    return [[key, value]]
  })
}

/** Members that hold tags: as a map, as a list of pairs, or keys alone. */
const TAG_MEMBERS = ['Tags', 'UserPoolTags', 'IdentityPoolTags', 'TagKeys'] as const

function inputTags(input: Readonly<Record<string, unknown>>): [key: string, value: string | undefined][] {
  const tags: [string, string | undefined][] = []
  for (const member of TAG_MEMBERS) {
    const given = input[member]
    if (Array.isArray(given)) {
      for (const item of given as (string | { Key: string; Value: string })[])
        tags.push(typeof item === 'string' ? [item, undefined] : [item.Key, item.Value])
    } else if (typeof given === 'object' && given !== null)
      tags.push(...Object.entries(given as Record<string, string>))
  }
  return tags
}
