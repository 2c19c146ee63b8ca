// Pools whose users come from identity providers, for tests.
import {
  AdminGetUserCommand,
  CreateIdentityProviderCommand,
  type CreateIdentityProviderCommandInput,
  type CreateUserPoolClientCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { claimsOf, type makePool, type TestServer } from './harness.ts'
import { type App, appIn, makeApp, redeem } from './oauth.ts'
import { CLIENT } from './openid-providers.ts'
import { metadata } from './saml-provider.ts'

type Provider = Omit<CreateIdentityProviderCommandInput, 'UserPoolId'>

/** A generic OpenID Connect provider. */
export const ownProvider = (issuer: string, changes: Partial<Provider> = {}): Provider => ({
  ProviderName: 'Own',
  ProviderType: 'OIDC',
  AttributeMapping: { email: 'email', name: 'name' },
  ...changes,
  ProviderDetails: {
    ...CLIENT,
    authorize_scopes: 'openid email profile',
    attributes_request_method: 'GET',
    oidc_issuer: issuer,
    ...changes.ProviderDetails,
  },
})

/** A SAML provider, which is not asked. */
export const samlProvider = (ProviderName: string, IdpIdentifiers: string[]): Provider => ({
  ProviderName,
  ProviderType: 'SAML',
  ProviderDetails: { MetadataFile: metadata() },
  IdpIdentifiers,
})

export interface FederatedOptions {
  pool?: Parameters<typeof makePool>[1]
  client?: Partial<CreateUserPoolClientCommandInput>
  providers: readonly Provider[]
}

/** An application in a new pool with these providers, all of which its client has; with COGNITO unless told otherwise. */
export async function makeFederatedApp(
  server: TestServer,
  { pool = {}, client = {}, providers }: FederatedOptions,
): Promise<App> {
  const { poolId } = await makeApp(server, { pool })
  for (const provider of providers)
    await server.admin.send(new CreateIdentityProviderCommand({ UserPoolId: poolId, ...provider }))
  const names = providers.map(({ ProviderName }) => ProviderName as string)
  return appIn(server, poolId, { SupportedIdentityProviders: ['COGNITO', ...names], ...client })
}

/** The claims of the ID token that a code gives. */
export async function idClaims(app: App, answered: URL): Promise<Record<string, unknown>> {
  const { json } = await redeem(app, answered)
  if (!json['id_token']) throw new Error(`no ID token at ${answered}: ${JSON.stringify(json)}`)
  return claimsOf(json['id_token'])
}

/** A user as AdminGetUser shows them, with attributes by name. */
export async function shownUser(
  { server, poolId }: Pick<App, 'server' | 'poolId'>,
  Username: string,
): Promise<{ status: string | undefined; enabled: boolean | undefined; attributes: Record<string, string> }> {
  const shown = await server.admin.send(new AdminGetUserCommand({ UserPoolId: poolId, Username }))
  const attributes = Object.fromEntries((shown.UserAttributes ?? []).map(({ Name, Value }) => [Name, Value ?? '']))
  return { status: shown.UserStatus, enabled: shown.Enabled, attributes }
}
