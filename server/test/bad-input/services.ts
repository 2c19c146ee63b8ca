// The services whose operations are tested with inputs made from their contracts: each is a contract, what its members
// are usually filled with, a world of things for them, and the errors that any of its operations may answer with.
import { cognitoIdentityOperations } from '../../src/cognito-identity/operations.ts'
import { cognitoIdentity } from '../../src/cognito-identity/service.ts'
import { cognitoIdpOperations } from '../../src/cognito-idp/operations.ts'
import { cognitoIdp } from '../../src/cognito-idp/service.ts'
import { cognitoSyncOperations } from '../../src/cognito-sync/operations.ts'
import { cognitoSync as cognitoSyncService } from '../../src/cognito-sync/service.ts'
import { iamOperations } from '../../src/iam/operations.ts'
import { iam as iamService } from '../../src/iam/service.ts'
import type { AnyOperation } from '../../src/operation.ts'
import type { Service } from '../../src/service.ts'
import { stsOperations } from '../../src/sts/operations.ts'
import { sts as stsService } from '../../src/sts/service.ts'
import { type Answer, call, elementOf, type Target } from '../refusals/raw-request.ts'
import { AccountFixture, callQuery } from './account-fixture.ts'
import { Contract } from './contract.ts'
import { iamValues, identityPoolValues, stsValues, syncValues } from './known-account-values.ts'
import { KnownValues, userPoolValues, type Values } from './known-values.ts'
import { type Protocol, protocols } from './protocols.ts'
import { type Fixture, removePool, UserPoolFixture } from './world.ts'

export interface TestedService {
  readonly name: string
  readonly contract: Contract
  readonly protocol: Protocol
  /** The implemented operations. */
  readonly operations: readonly string[]
  makeFixture(server: Target, pools: UserPoolFixture, operation: string): Fixture
  /** Whether a user of the account signs, where the root may not do what others may. */
  readonly signedByUser: boolean
  /** Divides the number of trials, for a service with many similar operations. */
  readonly fewer: number
  /** Whether an operation is sent large bodies. */
  isLarge(operation: string): boolean
  /** What to make so that lists have a second page. */
  readonly listed: readonly string[]
  /** Errors that come from the path, and those that the service answers beyond what its contract declares. */
  pathErrors(operation: string): readonly string[]
  /** The statuses of errors that are no errors of the contract, where they are not 400. */
  readonly statuses: Readonly<Record<string, number>>
  /** Shapes whose texts may be repeated though the contract calls them sensitive. */
  readonly shown: readonly string[]
  /** Removes what an operation made, where an account may have few. */
  tidy(server: Target, operation: string, answer: Answer): Promise<void>
}

const service = (
  name: string,
  served: Service,
  operations: readonly AnyOperation[],
  values: Values,
  rest: Pick<TestedService, 'makeFixture' | 'listed' | 'pathErrors' | 'tidy'> & {
    rareKeys: RegExp
    statuses?: TestedService['statuses']
    shown?: readonly string[]
    signedByUser?: boolean
    fewer?: number
  },
): TestedService => ({
  name,
  contract: new Contract(served, new KnownValues(values, rest.rareKeys)),
  protocol: protocols[served.model.protocol],
  operations: operations.map((operation) => operation.name),
  statuses: {},
  isLarge: (operation) => served.isLarge?.(operation) ?? false,
  shown: [],
  signedByUser: false,
  fewer: 1,
  ...rest,
})

const TOKEN_ERRORS = [
  'NotAuthorizedException',
  'UserNotFoundException',
  'PasswordResetRequiredException',
  'ResourceNotFoundException',
]

export const userPools: TestedService = service('user pools', cognitoIdp, cognitoIdpOperations, userPoolValues, {
  rareKeys: /SECRET_HASH|DEVICE_KEY|userAttributes|MetadataURL|^client_|oidc_issuer|private_key|IDPInit|__proto__/,
  makeFixture: (server, pools, operation) =>
    new UserPoolFixture(server, userPools.contract.modelOf(operation).caller === 'signed' ? undefined : pools),
  // A third of them in `npm test`, all in `npm run conformance`.
  fewer: 3,
  listed: ['group', 'client', 'secretClient', 'device', 'resourceServer', 'provider', 'importJob'],
  // InvalidParameterException: not the constraints of the contract. TooManyRequestsException: the queue of expensive
  // work. ResourceNotFoundException: a pool or client that is not there. For calls by token those of
  // docs/reference/user-pools.md 3.3. A SecretHash member is checked in the path as well, with NotAuthorizedException.
  pathErrors(operation) {
    const { caller } = userPools.contract.modelOf(operation)
    const members = userPools.contract.inputMembers(operation)
    return [
      'InvalidParameterException',
      'TooManyRequestsException',
      ...(members.has('UserPoolId') || members.has('ClientId') ? ['ResourceNotFoundException'] : []),
      ...(members.has('SecretHash') ? ['NotAuthorizedException'] : []),
      ...(caller === 'user-token' || caller === 'token-or-session' ? TOKEN_ERRORS : []),
    ]
  },
  // Texts of the reference name both.
  shown: ['ClientIdType', 'UsernameType'],
  async tidy(server, operation, { json }) {
    if (operation === 'CreateUserPool') await removePool(server, (json['UserPool'] as { Id: string }).Id)
  },
})

const accountFixture = (server: Target, pools: UserPoolFixture): Fixture => new AccountFixture(server, pools)

export const identityPools: TestedService = service(
  'identity pools',
  cognitoIdentity,
  cognitoIdentityOperations,
  identityPoolValues,
  {
    rareKeys: /__proto__|aws:x|cognito-identity\.amazonaws|samlArn|login\.example\.app|graph\.|google/,
    fewer: 2,
    makeFixture: accountFixture,
    listed: ['guest', 'userIdentity', 'developerUser'],
    pathErrors: (operation) => [
      'ValidationException',
      'TooManyRequestsException',
      ...(identityPools.contract.inputMembers(operation).has('IdentityPoolId') ? ['ResourceNotFoundException'] : []),
    ],
    async tidy(server, operation, { json: { IdentityPoolId } }) {
      if (operation === 'CreateIdentityPool')
        await call(server, 'DeleteIdentityPool', { IdentityPoolId }, { sign: true, model: cognitoIdentity.model })
    },
  },
)

export const cognitoSync: TestedService = service(
  'Cognito Sync',
  cognitoSyncService,
  cognitoSyncOperations,
  syncValues,
  {
    rareKeys: /__proto__/,
    fewer: 2,
    makeFixture: accountFixture,
    listed: ['dataset', 'secondDataset'],
    pathErrors: () => ['TooManyRequestsException'],
    tidy: async () => undefined,
  },
)

const FORM_ERRORS = ['ValidationError', 'Throttling']

export const sts: TestedService = service('STS', stsService, stsOperations, stsValues, {
  rareKeys: /__proto__/,
  fewer: 2,
  makeFixture: accountFixture,
  signedByUser: true,
  listed: [],
  // docs/reference/identity-pools-sts-iam-sync.md 15.6.
  pathErrors: () => [...FORM_ERRORS, 'AccessDenied', 'InvalidParameterValue'],
  statuses: { AccessDenied: 403 },
  tidy: async () => undefined,
})

/** By operation of IAM that creates something: the operation that deletes it, and the member that names it in both. */
const UNDO: Readonly<Record<string, readonly [operation: string, member: string, element: string]>> = {
  CreateRole: ['DeleteRole', 'RoleName', 'RoleName'],
  CreateUser: ['DeleteUser', 'UserName', 'UserName'],
  CreateGroup: ['DeleteGroup', 'GroupName', 'GroupName'],
  CreatePolicy: ['DeletePolicy', 'PolicyArn', 'Arn'],
  CreateOpenIDConnectProvider: ['DeleteOpenIDConnectProvider', 'OpenIDConnectProviderArn', 'OpenIDConnectProviderArn'],
  CreateSAMLProvider: ['DeleteSAMLProvider', 'SAMLProviderArn', 'SAMLProviderArn'],
  CreateServiceLinkedRole: ['DeleteServiceLinkedRole', 'RoleName', 'RoleName'],
}

export const iam: TestedService = service('IAM', iamService, iamOperations, iamValues, {
  rareKeys: /__proto__/,
  fewer: 3,
  makeFixture: accountFixture,
  listed: ['attachments', 'secondKeyId', 'iamUser', 'iamGroup', 'role', 'oidcArn', 'samlArn'],
  // An unknown access key looks like one of another account; policies of AWS and of other accounts cannot be changed.
  // The contract also declares no error for a boundary that does not exist and for a role that is not a service-linked
  // one.
  pathErrors: (operation) => [
    ...FORM_ERRORS,
    ...(/^GetAccessKeyLastUsed$|Policy(Version)?$/.test(operation) ? ['AccessDenied'] : []),
    ...(operation === 'CreateRole' ? ['NoSuchEntity'] : []),
    ...(operation === 'DeleteServiceLinkedRole' ? ['InvalidInput'] : []),
  ],
  statuses: { AccessDenied: 403, NoSuchEntity: 404 },
  async tidy(server, operation, { text }) {
    const undo = UNDO[operation]
    if (undo) await callQuery(server, iamService.model, undo[0], { [undo[1]]: elementOf(text, undo[2]) ?? '' })
  },
})
