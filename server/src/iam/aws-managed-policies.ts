// AWS managed policies (docs/reference/identity-pools-sts-iam-sync.md 17) about the services of this server. They can
// be attached and read, but not changed. The documents are our own and have the documented effect; ReadOnlyAccess
// covers the services of this server (docs/behaviour/iam.md).
import { createHash } from 'node:crypto'

export interface AwsManagedPolicy {
  arn: string
  id: string
  name: string
  path: string
  description: string
  document: string
  versionId: string
  /** Epoch milliseconds. */
  createdAt: number
}

interface Row {
  name: string
  path?: string
  description: string
  versionId?: string
  created: string
  statements: readonly object[]
}

const SERVICE_ROLE_PATH = '/aws-service-role/'
const allow = (...actions: string[]) => ({ Effect: 'Allow', Action: actions, Resource: '*' })

const serviceLinkedRoles = [
  {
    Effect: 'Allow',
    Action: ['iam:CreateServiceLinkedRole'],
    Resource: '*',
    Condition: {
      StringEquals: { 'iam:AWSServiceName': ['cognito-idp.amazonaws.com', 'email.cognito-idp.amazonaws.com'] },
    },
  },
  {
    Effect: 'Allow',
    Action: ['iam:DeleteServiceLinkedRole', 'iam:GetServiceLinkedRoleDeletionStatus'],
    Resource: [
      'arn:aws:iam::*:role/aws-service-role/cognito-idp.amazonaws.com/AWSServiceRoleForAmazonCognitoIdp*',
      'arn:aws:iam::*:role/aws-service-role/email.cognito-idp.amazonaws.com/AWSServiceRoleForAmazonCognitoIdpEmail*',
    ],
  },
]

const rows: readonly Row[] = [
  {
    name: 'AdministratorAccess',
    description: 'Provides full access to AWS services and resources.',
    created: '2015-02-06T18:39:46Z',
    statements: [allow('*')],
  },
  {
    name: 'IAMFullAccess',
    description: 'Provides full access to IAM via the AWS Management Console.',
    versionId: 'v2',
    created: '2015-02-06T18:40:38Z',
    statements: [
      allow(
        'iam:*',
        'organizations:DescribeAccount',
        'organizations:DescribeOrganization',
        'organizations:DescribeOrganizationalUnit',
        'organizations:DescribePolicy',
        'organizations:ListChildren',
        'organizations:ListParents',
        'organizations:ListPoliciesForTarget',
        'organizations:ListRoots',
        'organizations:ListPolicies',
        'organizations:ListTargetsForPolicy',
      ),
    ],
  },
  {
    name: 'ReadOnlyAccess',
    description: 'Provides read-only access to AWS services and resources.',
    created: '2015-02-06T18:39:48Z',
    statements: [
      allow(
        'cognito-identity:Describe*',
        'cognito-identity:GetCredentialsForIdentity',
        'cognito-identity:GetIdentityPoolAnalytics',
        'cognito-identity:GetIdentityPoolDailyAnalytics',
        'cognito-identity:GetIdentityPoolRoles',
        'cognito-identity:GetIdentityProviderDailyAnalytics',
        'cognito-identity:GetOpenIdToken',
        'cognito-identity:GetPrincipalTagAttributeMap',
        'cognito-identity:List*',
        'cognito-identity:Lookup*',
        'cognito-idp:AdminGet*',
        'cognito-idp:AdminList*',
        'cognito-idp:Describe*',
        'cognito-idp:Get*',
        'cognito-idp:List*',
        'cognito-sync:Describe*',
        'cognito-sync:Get*',
        'cognito-sync:List*',
        'cognito-sync:QueryRecords',
        'iam:Generate*',
        'iam:Get*',
        'iam:List*',
        'iam:Simulate*',
        'sts:GetAccessKeyInfo',
        'sts:GetCallerIdentity',
        'sts:GetSessionToken',
      ),
    ],
  },
  {
    name: 'AmazonCognitoPowerUser',
    description: 'Provides administrative access to existing Amazon Cognito resources.',
    created: '2015-03-24T17:14:56Z',
    statements: [
      allow(
        'cognito-identity:*',
        'cognito-idp:*',
        'cognito-sync:*',
        'iam:ListRoles',
        'iam:ListOpenIDConnectProviders',
        'iam:GetRole',
        'iam:ListSAMLProviders',
        'iam:GetSAMLProvider',
        'kinesis:ListStreams',
        'lambda:GetPolicy',
        'lambda:ListFunctions',
        'sns:GetSMSSandboxAccountStatus',
        'sns:ListPlatformApplications',
        'ses:ListIdentities',
        'ses:GetIdentityVerificationAttributes',
        'mobiletargeting:GetApps',
        'sms-voice:DescribeAccountAttributes',
        'acm:ListCertificates',
      ),
      ...serviceLinkedRoles,
    ],
  },
  {
    name: 'AmazonCognitoReadOnly',
    description: 'Provides read only access to Amazon Cognito resources.',
    created: '2015-03-24T17:06:46Z',
    statements: [
      allow(
        'cognito-identity:Describe*',
        'cognito-identity:Get*',
        'cognito-identity:List*',
        'cognito-idp:Describe*',
        'cognito-idp:AdminGet*',
        'cognito-idp:AdminList*',
        'cognito-idp:List*',
        'cognito-idp:Get*',
        'cognito-sync:Describe*',
        'cognito-sync:Get*',
        'cognito-sync:List*',
        'iam:ListOpenIDConnectProviders',
        'iam:ListRoles',
        'sns:ListPlatformApplications',
      ),
    ],
  },
  {
    name: 'AmazonCognitoDeveloperAuthenticatedIdentities',
    description: 'Provides access to Amazon Cognito APIs to support developer authenticated identities.',
    created: '2015-03-24T17:22:23Z',
    statements: [
      allow(
        'cognito-identity:GetOpenIdTokenForDeveloperIdentity',
        'cognito-identity:LookupDeveloperIdentity',
        'cognito-identity:MergeDeveloperIdentities',
        'cognito-identity:UnlinkDeveloperIdentity',
      ),
    ],
  },
  {
    name: 'AmazonCognitoUnAuthedIdentitiesSessionPolicy',
    description:
      'What guests of identity pools may do at most in the enhanced flow. Identity pools add it to the session; it is not meant to be attached to a role.',
    versionId: 'v3',
    created: '2023-07-19T23:04:00Z',
    statements: [
      allow(
        'rum:PutRumEvents',
        'sagemaker:InvokeEndpoint',
        'polly:*',
        'comprehend:*',
        'translate:*',
        'transcribe:*',
        'rekognition:*',
        'mobiletargeting:*',
        'firehose:*',
        'personalize:*',
        'geo:GetMap*',
        'geo:SearchPlaceIndex*',
        'geo:GetPlace',
        'geo:CalculateRoute*',
        'geo:*Geofence',
        'geo:*Geofences',
        'geo:*DevicePosition*',
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncryptTo',
        'kms:ReEncryptFrom',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyPair',
        'kms:GenerateDataKeyPairWithoutPlaintext',
        'kms:GenerateDataKeyWithoutPlaintext',
      ),
    ],
  },
  {
    name: 'AmazonCognitoIdpEmailServiceRolePolicy',
    path: SERVICE_ROLE_PATH,
    description: 'Lets user pools send e-mail with the configured addresses.',
    created: '2019-03-21T21:32:00Z',
    statements: [allow('ses:SendEmail', 'ses:SendRawEmail'), { Effect: 'Deny', Action: ['ses:List*'], Resource: '*' }],
  },
  {
    name: 'AmazonCognitoIdpServiceRolePolicy',
    path: SERVICE_ROLE_PATH,
    description: 'Lets other services see the user pools that they work with.',
    created: '2020-06-26T22:30:20Z',
    statements: [allow('cognito-idp:Describe*')],
  },
]

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The same in every installation. Not the ids that AWS has, which clients do not use. */
const idOf = (name: string): string =>
  `ANPA${Array.from(createHash('sha256').update(name).digest().subarray(0, 17), (byte) => ALPHABET[byte & 31]).join('')}`

function policyOf({ name, path = '/', description, versionId = 'v1', created, statements }: Row): AwsManagedPolicy {
  return {
    arn: `arn:aws:iam::aws:policy${path}${name}`,
    id: idOf(name),
    name,
    path,
    description,
    versionId,
    createdAt: Date.parse(created),
    document: JSON.stringify({ Version: '2012-10-17', Statement: statements }, undefined, 2),
  }
}

/** In the order of lists: by path and name. */
export const awsManagedPolicies: readonly AwsManagedPolicy[] = rows
  .map(policyOf)
  .sort((one, other) => (one.arn.toLowerCase() < other.arn.toLowerCase() ? -1 : 1))

const byArn = new Map(awsManagedPolicies.map((policy) => [policy.arn, policy]))

/** The AWS managed policy of an ARN; undefined for any other ARN. */
export const awsManagedPolicy = (arn: string): AwsManagedPolicy | undefined => byArn.get(arn)
