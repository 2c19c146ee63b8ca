// The services that have a service-linked role (docs/reference/identity-pools-sts-iam-sync.md 18.2): one each, without
// a suffix, with its AWS managed policy attached.
import { SERVICE_ROLE_PATH } from '../policies/holders.ts'

export interface LinkedService {
  service: string
  roleName: string
  policyArn: string
}

const rows: readonly LinkedService[] = [
  {
    service: 'email.cognito-idp.amazonaws.com',
    roleName: 'AWSServiceRoleForAmazonCognitoIdpEmailService',
    policyArn: `arn:aws:iam::aws:policy${SERVICE_ROLE_PATH}AmazonCognitoIdpEmailServiceRolePolicy`,
  },
  {
    service: 'cognito-idp.amazonaws.com',
    roleName: 'AWSServiceRoleForAmazonCognitoIdp',
    policyArn: `arn:aws:iam::aws:policy${SERVICE_ROLE_PATH}AmazonCognitoIdpServiceRolePolicy`,
  },
]

const byService = new Map(rows.map((row) => [row.service, row]))

export const linkedService = (service: string): LinkedService | undefined => byService.get(service)

/** `/aws-service-role/email.cognito-idp.amazonaws.com/`. */
export const linkedRolePath = (service: string): string => `${SERVICE_ROLE_PATH}${service}/`

/** The resource that policies name for the creation of the role. */
export const linkedRoleResource = (service: string): string =>
  `role${linkedRolePath(service)}${linkedService(service)?.roleName ?? '*'}`

/** A trust policy for the service alone. */
export const linkedTrustPolicy = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  })
