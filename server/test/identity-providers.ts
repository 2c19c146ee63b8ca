// Identity providers of user pools, for tests of users who come from them.
import { CreateIdentityProviderCommand } from '@aws-sdk/client-cognito-identity-provider'
import type { Effects } from '../src/effects/effects.ts'
import type { TestServer } from './harness.ts'

const client = { client_id: 'id', client_secret: 'secret' }

/** The provider Google. */
export async function makeGoogle(server: TestServer, UserPoolId: string): Promise<void> {
  await server.admin.send(
    new CreateIdentityProviderCommand({
      UserPoolId,
      ProviderName: 'Google',
      ProviderType: 'Google',
      ProviderDetails: { ...client, authorize_scopes: 'openid email' },
    }),
  )
}

/** A provider named Own by OpenID Connect, whose mapping fills `email`, and which answers nobody. */
export async function makeOwnProvider(
  server: TestServer,
  UserPoolId: string,
  AttributeMapping: Record<string, string> = { email: 'email' },
): Promise<void> {
  const at = (path: string): string => `https://own.example/${path}`
  await server.admin.send(
    new CreateIdentityProviderCommand({
      UserPoolId,
      ProviderName: 'Own',
      ProviderType: 'OIDC',
      ProviderDetails: {
        ...client,
        authorize_scopes: 'openid email',
        attributes_request_method: 'GET',
        oidc_issuer: 'https://own.example',
        authorize_url: at('authorize'),
        token_url: at('token'),
        attributes_url: at('userinfo'),
        jwks_uri: at('keys'),
      },
      AttributeMapping,
    }),
  )
}

/** For a server whose providers are not asked. */
export const noWeb: Pick<Effects, 'web'> = {
  web: { send: async () => ({ failed: 'no-answer', detail: 'there is no web here' }) },
}
