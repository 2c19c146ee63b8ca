// For the examples of cognomen-sync: an identity pool whose users may reach their own datasets, its user ada, and what an
// application has to be told.
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'

const [Username, Password] = ['ada', 'Correct-horse-1']
const IDENTITY = 'cognito-identity.amazonaws.com'

/** `settings` are those of SDK clients; without them the environment says where the server is. */
export async function makeSyncPool(settings = {}) {
  const users = new CognitoIdentityProviderClient(settings)
  const identities = new CognitoIdentityClient(settings)
  const iam = new IAMClient(settings)

  const { UserPool } = await users.send(new CreateUserPoolCommand({ PoolName: 'sync' }))
  const UserPoolId = UserPool.Id
  const { UserPoolClient } = await users.send(
    new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'app', ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] }),
  )
  const { ClientId } = UserPoolClient
  await users.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }))
  await users.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }))

  const region = await users.config.region()
  const ProviderName = `cognito-idp.${region}.amazonaws.com/${UserPoolId}`
  const { IdentityPoolId } = await identities.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'sync',
      AllowUnauthenticatedIdentities: true,
      CognitoIdentityProviders: [{ ProviderName, ClientId }],
    }),
  )
  const trust = {
    Effect: 'Allow',
    Principal: { Federated: IDENTITY },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${IDENTITY}:aud`]: IdentityPoolId } },
  }
  const ownData = {
    Effect: 'Allow',
    Action: 'cognito-sync:*',
    Resource: [`identity/\${${IDENTITY}:sub}`, `identity/\${${IDENTITY}:sub}/*`].map(
      (path) => `arn:aws:cognito-sync:*:*:identitypool/\${${IDENTITY}:aud}/${path}`,
    ),
  }
  const documentOf = (statement) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const RoleName = `sync-${UserPoolId.split('_')[1]}`
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: documentOf(trust) }))
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own-data', PolicyDocument: documentOf(ownData) }))
  const Roles = { authenticated: Role.Arn, unauthenticated: Role.Arn }
  await identities.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles }))

  return {
    identityPoolId: IdentityPoolId,
    region,
    /** Logins of ada, as a sign-in gives them. */
    async logins() {
      const AuthParameters = { USERNAME: Username, PASSWORD: Password }
      const signIn = new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
      const { AuthenticationResult } = await users.send(signIn)
      return { [ProviderName]: AuthenticationResult.IdToken }
    },
  }
}
