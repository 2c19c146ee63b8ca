// The services of the AWS API: what each adds to the path that all share. A new service is a row here.
import type { Resource } from '../authorization/authorize.ts'
import type { SigningRules } from '../authorization/signer.ts'
import { identifyIdentityPool } from '../cognito-identity/identify.ts'
import { identityPoolResource } from '../cognito-identity/resource.ts'
import { identifyUserPool } from '../cognito-idp/identify.ts'
import { userPoolResource } from '../cognito-idp/resource.ts'
import type { Config } from '../config/config.ts'
import type { Context } from '../context.ts'
import { cognitoIdentityModel } from '../contract/cognito-identity.model.ts'
import { cognitoIdpModel } from '../contract/cognito-idp.model.ts'
import { cognitoSyncModel } from '../contract/cognito-sync.model.ts'
import { iamModel } from '../contract/iam.model.ts'
import type { OperationModel, ServiceModel } from '../contract/service-model.ts'
import { stsModel } from '../contract/sts.model.ts'
import { iamResource } from '../iam/resource.ts'
import type { AnyCaller, AnyOperation, SignedCaller } from '../operation.ts'
import { stsResource } from '../sts/resource.ts'

export interface Service {
  readonly model: ServiceModel
  /** Its operations. They are most of the server's files: a start waits for those of user pools alone (table.ts). */
  readonly load: () => Promise<readonly AnyOperation[]>
  /** The error that says which constraints an input breaks. */
  readonly validationError: string
  readonly signing: (config: Config) => SigningRules
  /** The caller and what the input names; operations get all of it. Throws when what it names is not there. */
  readonly identify: (
    context: Context,
    model: OperationModel,
    input: Record<string, unknown>,
    signer: SignedCaller | undefined,
  ) => Promise<Resources>
  /** What a signed call acts on, there or not; undefined when the operation itself decides who may. */
  readonly resource: (
    context: Context,
    operation: string,
    input: Record<string, unknown>,
    caller: SignedCaller,
  ) => Resource | undefined | Promise<Resource | undefined>
}

export interface Resources {
  caller: AnyCaller
}

const MINUTE = 60
const callerAlone: Service['identify'] = async (_context, _model, _input, signer) => ({
  caller: signer ?? { kind: 'anonymous' },
})
/** JSON services are regional and strict about time; STS and IAM are neither (reference identity-pools 14.1). */
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
