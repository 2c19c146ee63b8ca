// The services of the AWS API: what each adds to the path that all share. A new service is a row here.
import { identifyIdentityPool } from '../cognito-identity/identify.ts'
import { identityPoolResource } from '../cognito-identity/resource.ts'
import { identifyUserPool } from '../cognito-idp/identify.ts'
import { userPoolResource } from '../cognito-idp/resource.ts'
import type { Config } from '../config/config.ts'
import { cognitoIdentityModel } from '../contract/cognito-identity.model.ts'
import { cognitoIdpModel } from '../contract/cognito-idp.model.ts'
import { cognitoSyncModel } from '../contract/cognito-sync.model.ts'
import { iamModel } from '../contract/iam.model.ts'
import { stsModel } from '../contract/sts.model.ts'
import { iamResource } from '../iam/resource.ts'
import type { Service } from '../service.ts'
import { stsResource } from '../sts/resource.ts'

const MINUTE = 60
const callerAlone: Service['identify'] = async (_context, _model, _input, signer) => ({
  caller: signer ?? { kind: 'anonymous' },
})
/**
 * JSON services are regional and strict about time; STS and IAM are neither
 * (docs/reference/identity-pools-sts-iam-sync.md 14.1).
 */
const regional = (service: string) => (config: Config) => ({ service, region: config.region, skewSeconds: 5 * MINUTE })
const global = (service: string) => () => ({ service, region: undefined, skewSeconds: 15 * MINUTE })

export const services: readonly Service[] = [
  {
    model: cognitoIdpModel,
    load: async () => (await import('../cognito-idp/table.ts')).cognitoIdpOperations,
    validationError: 'InvalidParameterException',
    signing: regional('cognito-idp'),
    identify: identifyUserPool,
    resource: userPoolResource,
  },
  {
    model: cognitoIdentityModel,
    load: async () => (await import('../cognito-identity/table.ts')).cognitoIdentityOperations,
    validationError: 'ValidationException',
    signing: regional('cognito-identity'),
    identify: identifyIdentityPool,
    resource: identityPoolResource,
  },
  {
    model: cognitoSyncModel,
    load: async () => [],
    validationError: 'InvalidParameterException',
    signing: regional('cognito-sync'),
    identify: callerAlone,
    resource: () => ({ arn: '*' }),
  },
  {
    model: stsModel,
    load: async () => (await import('../sts/table.ts')).stsOperations,
    validationError: 'ValidationError',
    signing: global('sts'),
    identify: callerAlone,
    resource: ({ config }, operation, input) => stsResource(config, operation, input),
  },
  {
    model: iamModel,
    load: async () => (await import('../iam/table.ts')).iamOperations,
    validationError: 'ValidationError',
    signing: global('iam'),
    identify: callerAlone,
    resource: (context, operation, input, caller) => iamResource(context, operation, input, { caller }),
  },
]
