// A domain in the API's form. Pure. docs/reference/oauth-and-federation.md 18.
import type { CreateUserPoolDomainResponse, DomainDescriptionType } from '../../contract/cognito-idp.types.ts'
import type { DomainConfiguration } from '../user-pools/pool-settings.ts'
import type { UserPool } from '../user-pools/pool-store.ts'

/** What an alias record of a domain of one's own leads to: this server, where the service has a CloudFront distribution. */
const targetHost = (publicUrl: string): string => new URL(publicUrl).hostname

/** The answer of CreateUserPoolDomain and UpdateUserPoolDomain. */
export const domainAnswer = (
  { ManagedLoginVersion, CustomDomainConfig, Routing }: DomainConfiguration,
  publicUrl: string,
): CreateUserPoolDomainResponse => ({
  ManagedLoginVersion,
  ...(CustomDomainConfig && { CloudFrontDomain: targetHost(publicUrl) }),
  ...(Routing && { Routing }),
})

/** DomainDescriptionType of DescribeUserPoolDomain. */
export const domainDescription = (
  { config, publicUrl }: { config: { accountId: string }; publicUrl: string },
  pool: UserPool,
  domain: string,
  configuration: DomainConfiguration,
): DomainDescriptionType => ({
  UserPoolId: pool.id,
  AWSAccountId: config.accountId,
  Domain: domain,
  CloudFrontDistribution: targetHost(publicUrl),
  // It serves from the moment on that it is made.
  Status: 'ACTIVE',
  ...configuration,
})
