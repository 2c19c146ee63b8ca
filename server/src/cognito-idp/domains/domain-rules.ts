// What a domain of a user pool may be, and its configuration. Pure. docs/reference/oauth-and-federation.md 18; the texts
// are as reported, but for those that docs/behaviour/domains.md lists as ours.
import type { Config } from '../../config/config.ts'
import type {
  CreateUserPoolDomainRequest,
  RoutingType,
  UpdateUserPoolDomainRequest,
} from '../../contract/cognito-idp.types.ts'
import { regionOfHost } from '../../http/request-region-rules.ts'
import { firstRefusal, invalid, type Refusal } from '../../refusal-rules.ts'
import type { DomainConfiguration, DomainKind, UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { isDomainName } from './domain-name-rules.ts'

const MAX_PREFIX = 63

export const NO_SUCH_DOMAIN = 'No such domain or user pool exists.'
export const DOMAIN_TAKEN = 'Domain already associated with another user pool.'

/** `aws` is reserved as a whole part between hyphens alone: `awsome` may be had. */
const RESERVED: Readonly<Record<string, RegExp>> = { aws: /(^|-)aws(-|$)/, amazon: /amazon/, cognito: /cognito/ }

/** Of which kind a name is: a prefix is one label. */
export const kindOf = (domain: string): DomainKind => (domain.includes('.') ? 'CustomDomain' : 'Domain')

/** The host of a prefix domain. */
export const prefixHost = (prefix: string, domainSuffix: string): string => `${prefix}.auth.${domainSuffix}`

type DomainInput = Pick<CreateUserPoolDomainRequest, 'Domain' | 'ManagedLoginVersion' | 'CustomDomainConfig'>

/** Why a new domain is refused, whatever the pool; undefined when it is not. */
export const newDomainRefusal = (input: DomainInput, config: Hosts): Refusal | undefined =>
  firstRefusal<'InvalidParameterException'>([
    () => (input.CustomDomainConfig ? hostRefusal(input.Domain, config) : prefixRefusal(input.Domain)),
    () => configurationRefusal(input),
  ])

function prefixRefusal(domain: string): Refusal | undefined {
  if (domain.length > MAX_PREFIX)
    return invalid(
      `1 validation error detected: Value '${domain}' at 'domain' failed to satisfy constraint: Member must have length less than or equal to ${MAX_PREFIX}`,
    )
  if (!isDomainName(domain) || kindOf(domain) !== 'Domain')
    return invalid(
      'The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$',
    )
  const word = Object.keys(RESERVED).find((reserved) => RESERVED[reserved]?.test(domain))
  return word === undefined ? undefined : invalid(`Domain cannot contain reserved word: ${word}`)
}

type Hosts = Pick<Config, 'domainSuffix' | 'regions'>

function hostRefusal(domain: string, { domainSuffix, regions }: Hosts): Refusal | undefined {
  // An IPv4 address is none.
  if (!isDomainName(domain) || kindOf(domain) !== 'CustomDomain' || /\.\d+$/.test(domain))
    return invalid('Custom domain is not a valid subdomain: it must be a host name in lower case with a parent domain.')
  // Every pool of the region is reached by it (http/request-region-rules.ts).
  if (regionOfHost(regions, domain) !== undefined)
    return invalid('Custom domain is not a valid subdomain: it is the host of a region of this server.')
  // Its hosts are those of prefixes, which belong to whoever creates the prefix.
  return domain.endsWith(prefixHost('', domainSuffix))
    ? invalid(`Custom domain is not a valid subdomain: auth.${domainSuffix} is the parent of prefix domains.`)
    : undefined
}

/** Why the version of the pages or the certificate is refused; undefined when neither is. */
export function configurationRefusal(input: Omit<DomainInput, 'Domain'>): Refusal | undefined {
  const { ManagedLoginVersion = 1, CustomDomainConfig } = input
  if (ManagedLoginVersion !== 1 && ManagedLoginVersion !== 2)
    return invalid('ManagedLoginVersion must be 1 (hosted UI (classic)) or 2 (managed login).')
  return CustomDomainConfig === undefined || CERTIFICATE.test(CustomDomainConfig.CertificateArn)
    ? undefined
    : invalid(
        "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.",
      )
}

// Other partitions have other regions.
const CERTIFICATE = /^arn:(?:aws:acm:us-east-1|aws-[a-z-]+:acm:[a-z0-9-]+):\d{12}:certificate\/[\w-]+$/

/** Why an update of a domain of this kind is refused; undefined when it is not. */
export const updateRefusal = (kind: DomainKind, input: Omit<DomainInput, 'Domain'>): Refusal | undefined =>
  kind === 'Domain' && input.CustomDomainConfig !== undefined
    ? invalid('CustomDomainConfig can not be set for a prefix domain.')
    : configurationRefusal(input)

/** Why a domain may not have this routing; undefined when it may (docs/reference/user-pools.md 18.8). */
export function routingRefusal(
  { replicas }: Pick<UserPool, 'replicas'>,
  kind: DomainKind,
  routing: RoutingType | undefined,
): Refusal | undefined {
  if (routing?.Failover === undefined) return undefined
  if (kind === 'Domain') return invalid('Routing can not be set for a prefix domain.')
  const { SecondaryRegion } = routing.Failover
  return replicas.some(({ region }) => region === SecondaryRegion)
    ? undefined
    : invalid(`The user pool has no replica in the region ${SecondaryRegion} that Routing names.`)
}

/** Why a pool of this tier may not have a domain of this version; undefined when it may. The tier itself stays as it is. */
export const domainTierRefusal = (
  { UserPoolTier }: UserPoolSettings,
  { ManagedLoginVersion }: DomainConfiguration,
): Refusal<'FeatureUnavailableInTierException'> | undefined =>
  UserPoolTier === 'LITE' && ManagedLoginVersion === 2
    ? {
        refused: 'FeatureUnavailableInTierException',
        message: 'The following feature is not available for the LITE pricing tier configured: Managed Login Version 2',
      }
    : undefined

/** The configuration of a new domain; `now` in epoch milliseconds. */
export const newConfiguration = (input: CreateUserPoolDomainRequest, now: number): DomainConfiguration => ({
  ManagedLoginVersion: input.ManagedLoginVersion ?? 1,
  ...configured(input),
  Version: new Date(now).toISOString().replaceAll(/\D/g, '').slice(0, 14),
})

/** The configuration after UpdateUserPoolDomain: members that are left out stay. */
export const updatedConfiguration = (
  before: DomainConfiguration,
  input: UpdateUserPoolDomainRequest,
): DomainConfiguration => ({
  ...before,
  ...(input.ManagedLoginVersion !== undefined && { ManagedLoginVersion: input.ManagedLoginVersion }),
  ...configured(input),
})

const configured = ({ CustomDomainConfig, Routing }: Partial<DomainConfiguration> & { Routing?: RoutingType }) => ({
  ...(CustomDomainConfig && { CustomDomainConfig }),
  ...(Routing && { Routing }),
})

/** The settings of a pool with a domain. */
export const withDomain = (
  settings: UserPoolSettings,
  domain: string,
  configuration: DomainConfiguration,
): UserPoolSettings => ({
  ...settings,
  [kindOf(domain)]: domain,
  DomainConfigurations: { ...settings.DomainConfigurations, [kindOf(domain)]: configuration },
})

/** The same without it. */
export function withoutDomain(settings: UserPoolSettings, domain: string): UserPoolSettings {
  const kind = kindOf(domain)
  const { [kind]: _name, DomainConfigurations = {}, ...others } = settings
  const { [kind]: _configuration, ...configurations } = DomainConfigurations
  return {
    ...(others as UserPoolSettings),
    ...(Object.keys(configurations).length > 0 && { DomainConfigurations: configurations }),
  }
}

/** The configuration of a domain of a pool; undefined when the pool has no such domain. */
export const configurationOf = (settings: UserPoolSettings, domain: string): DomainConfiguration | undefined =>
  settings[kindOf(domain)] === domain ? settings.DomainConfigurations?.[kindOf(domain)] : undefined
