// How implemented operations of user pools differ from the service, for docs/compatibility.md.
import type { Difference } from '../service.ts'

const limitsOfRates: Difference = {
  differs:
    'No category has a limit until one is set: ProvisionedLimitValue is 2147483647 then. Every category can have one, from 1 on, also below FreeLimitValue, and there is no greatest one. The limit holds for the whole installation.',
}

const pool: Difference = {
  differs:
    'KeyConfiguration is stored and shown, and names no key: secrets are sealed under the master key. The issuer of type UPDATED is PUBLIC_URL/issuer/POOLID. The key of custom senders (KMSKeyID) is CUSTOM_SENDER_KEY. Roles and identities that ARNs name are not looked up.',
}

const domain: Difference = {
  differs:
    "Certificates and DNS records are not looked up: TLS is this server's, or that of a proxy before it. CloudFrontDomain is the host of PUBLIC_URL. There is no quota of custom domains. Routing is stored and shown; no health check is asked, and DNS decides which process answers.",
}

const replica: Difference = {
  differs:
    'A replica is another region of AWS_REGION and FURTHER_REGIONS on the same database, and needs no key of KMS; CREATING and DELETING are answers alone. PromoteUserPoolReplica makes it primary.',
}

const provider: Difference = {
  differs:
    'Keys of ProviderDetails that the type has not are dropped. Addresses may have any port; private ones are refused unless ALLOWED_PRIVATE_HOSTS has them.',
}

const client: Difference = {
  differs:
    'Pinpoint has ended: what AnalyticsConfiguration sends goes to the place that SINKS_FILE names for its project, also for calls without AnalyticsMetadata (docs/analytics.md). Its role is not looked up.',
}

const stepUp: Difference = {
  differs:
    'ACCESS_TOKEN counts where one more proof leads to a level of TARGET_ACR_VALUES; it gives no tokens by itself.',
}

const importJob: Difference = {
  differs:
    'Any number of jobs may be started at once. The role of CloudWatchLogsRoleArn is not looked up: GetUserImportJobLog has the log. Fields may stand in double quotes.',
}

export const differences: Readonly<Record<string, Difference>> = {
  AdminInitiateAuth: stepUp,
  CreateIdentityProvider: provider,
  CreateUserImportJob: importJob,
  CreateUserPool: pool,
  CreateUserPoolClient: client,
  CreateUserPoolDomain: domain,
  CreateUserPoolReplica: replica,
  DeleteUserPoolReplica: replica,
  GetProvisionedLimit: limitsOfRates,
  InitiateAuth: stepUp,
  ListUserImportJobs: {
    differs: 'A page has 50 jobs at most, as the contract bounds the list.',
  },
  SetLogDeliveryConfiguration: {
    differs:
      'ARNs are not looked up: SINKS_FILE says where their records go (a file, standard output, OTLP, CloudWatch Logs, S3, Firehose, a webhook), docs/log-delivery.md.',
  },
  SetUserPoolMfaConfig: {
    differs: 'E-mail as second factor needs no EmailSendingAccount DEVELOPER. Roles that ARNs name are not looked up.',
  },
  SetRiskConfiguration: {
    differs:
      'The identity that SourceArn names is not looked up. From and SourceArn are those of all regions of a pool: a secondary region refuses the operation.',
  },
  UpdateIdentityProvider: provider,
  UpdateProvisionedLimit: limitsOfRates,
  UpdateUserPool: pool,
  UpdateUserPoolClient: client,
  UpdateUserPoolDomain: domain,
  UpdateUserPoolReplica: replica,
}
