// Which settings an identity pool may have beyond what the contract says
// (docs/reference/identity-pools-sts-iam-sync.md 1.2, 3, 11). Pure.

import { tagProblem } from '../../cognito-idp/tags/tag-rules.ts'
import type { SetIdentityPoolRolesInput } from '../../contract/cognito-identity.types.ts'
import { IDENTITY_POOL_PROVIDER } from '../../iam/arn-rules.ts'
import { firstRefusal, invalid, type Refusal } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'
import type { IdentityPoolSettings } from './pool-settings.ts'
import { publicProviders, userPoolOf } from './provider-name-rules.ts'

type LimitRefusal = Refusal<'InvalidParameterException' | 'LimitExceededException'>

/** Why a pool may not have these settings. */
export function poolRefusal(
  settings: IdentityPoolSettings,
  before: IdentityPoolSettings | undefined,
  publicUrl: string,
): LimitRefusal | undefined {
  return firstRefusal<'InvalidParameterException' | 'LimitExceededException'>([
    () => developerProviderRefusal(settings, before),
    () => userPoolsRefusal(settings, publicUrl),
    () => {
      const unknown = Object.keys(settings.SupportedLoginProviders ?? {}).find((name) => !publicProviders.has(name))
      return unknown === undefined ? undefined : invalid(`${unknown} is not a supported login provider.`)
    },
    () => arnRefusal(settings.OpenIdConnectProviderARNs, OIDC_ARN, 'OpenID Connect provider'),
    () => arnRefusal(settings.SamlProviderARNs, SAML_ARN, 'SAML provider'),
    () => {
      const problem = tagProblem(settings.IdentityPoolTags ?? {})
      return problem === undefined ? undefined : invalid(problem)
    },
  ])
}

function developerProviderRefusal(
  { DeveloperProviderName: name }: IdentityPoolSettings,
  before: IdentityPoolSettings | undefined,
): Refusal | undefined {
  const nameBefore = before?.DeveloperProviderName
  if (nameBefore !== undefined && name !== nameBefore)
    return invalid('The developer provider name cannot be changed once it is set.')
  return name !== undefined && (publicProviders.has(name) || name === IDENTITY_POOL_PROVIDER)
    ? invalid(`${name} cannot be the name of a developer provider.`)
    : undefined
}

function userPoolsRefusal(
  { CognitoIdentityProviders: providers = [] }: IdentityPoolSettings,
  publicUrl: string,
): LimitRefusal | undefined {
  if (providers.length > limits.userPoolsPerPool.max)
    return {
      refused: 'LimitExceededException',
      message: `An identity pool can not have more than ${limits.userPoolsPerPool.max} user pool providers.`,
    }
  const seen = new Set<string>()
  for (const { ProviderName, ClientId } of providers) {
    if (ProviderName === undefined || ClientId === undefined)
      return invalid('A Cognito identity provider needs a ProviderName and a ClientId.')
    if (userPoolOf(ProviderName, publicUrl) === undefined) return invalid('Invalid Cognito Identity Provider')
    const pair = `${ProviderName}:${ClientId}`
    if (seen.has(pair)) return invalid(`The Cognito identity provider ${pair} is given twice.`)
    seen.add(pair)
  }
  return undefined
}

const OIDC_ARN = /^arn:aws[\w-]*:iam::\d{12}:oidc-provider\/[!-~]+$/
const SAML_ARN = /^arn:aws[\w-]*:iam::\d{12}:saml-provider\/[\w.-]+$/

function arnRefusal(arns: readonly string[] | undefined, form: RegExp, what: string): Refusal | undefined {
  const wrong = arns?.find((arn) => !form.test(arn))
  return wrong === undefined
    ? undefined
    : invalid(`${wrong} is not the ARN of an ${what}.`.replace('an SAML', 'a SAML'))
}

type RolesRefusal = Refusal<'InvalidParameterException' | 'NotAuthorizedException'>

/**
 * Why a pool may not have these roles and mappings. Roles of other accounts are forbidden. With an external
 * STS any ARN is accepted: its roles are not known here.
 */
export function rolesRefusal(
  { Roles, RoleMappings = {} }: SetIdentityPoolRolesInput,
  accountId: string,
  externalSts: boolean,
): RolesRefusal | undefined {
  for (const [provider, { Type, AmbiguousRoleResolution, RulesConfiguration }] of Object.entries(RoleMappings)) {
    if (AmbiguousRoleResolution === undefined)
      return invalid(`AmbiguousRoleResolution is required for the role mapping of ${provider}.`)
    const rules = RulesConfiguration?.Rules ?? []
    if (Type === 'Rules' && rules.length === 0)
      return invalid(`RulesConfiguration is required for the role mapping of ${provider}.`)
    if (rules.length > limits.roleRules.max)
      return invalid(`The role mapping of ${provider} can not have more than ${limits.roleRules.max} rules.`)
  }
  if (externalSts) return undefined
  const foreign = rolesIn({ Roles, RoleMappings }).find(
    (arn) => !new RegExp(`^arn:aws[\\w-]*:iam::${accountId}:role/[!-~]+$`).test(arn),
  )
  return foreign === undefined
    ? undefined
    : { refused: 'NotAuthorizedException', message: `Access to Role '${foreign}' is forbidden.` }
}

/** Every role that roles and mappings name, each once. */
export function rolesIn({
  Roles,
  RoleMappings = {},
}: Pick<SetIdentityPoolRolesInput, 'Roles' | 'RoleMappings'>): string[] {
  const mapped = Object.values(RoleMappings).flatMap(({ RulesConfiguration }) =>
    (RulesConfiguration?.Rules ?? []).map(({ RoleARN }) => RoleARN),
  )
  return [...new Set([...Object.values(Roles), ...mapped])]
}

/** Why these principal tags cannot be mapped. The prefix `aws:` is reserved. */
export function principalTagsRefusal(tags: Readonly<Record<string, string>>): Refusal | undefined {
  const entries = Object.entries(tags)
  if (entries.length > limits.principalTags.max)
    return invalid(`A provider can not have more than ${limits.principalTags.max} principal tags.`)
  for (const [key, claim] of entries) {
    if (key.toLowerCase().startsWith('aws:')) return invalid(`The principal tag key ${key} is reserved.`)
    if (Buffer.byteLength(key) + Buffer.byteLength(claim) > limits.principalTag.max)
      return invalid(
        `The principal tag ${key} and its attribute are longer than ${limits.principalTag.max} bytes together.`,
      )
  }
  const keys = entries.map(([key]) => key.toLowerCase())
  return new Set(keys).size < keys.length
    ? invalid('Duplicate principal tag keys found. Please note that Tag keys are case insensitive.')
    : undefined
}
