// The services that may have a role of their own in the account (docs/reference/identity-pools-sts-iam-sync.md 18.2):
// one each, without a suffix, with AWS's policy for it.
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

/** What a policy about making the role names. */
export const linkedRoleResource = (service: string): string =>
  `role${linkedRolePath(service)}${linkedService(service)?.roleName ?? '*'}`

/** Lets the service assume the role, and nobody else. */
export const linkedTrustPolicy = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  })
