// The settings of OAuth in the order in which Terraform's provider makes, reads, changes and removes them: what is read a
// second time is what was read first, so a plan finds nothing to do.
import {
  CreateIdentityProviderCommand,
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  CreateUserPoolDomainCommand,
  DeleteIdentityProviderCommand,
  DeleteResourceServerCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolCommand,
  DeleteUserPoolDomainCommand,
  DescribeIdentityProviderCommand,
  DescribeResourceServerCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  UpdateIdentityProviderCommand,
  UpdateResourceServerCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../harness.ts'
import { scopesNamed } from '../resource-servers.ts'
import { GOOGLE } from '../upstream-providers.ts'

describe.each(engines)('settings of OAuth on %s', (engine) => {
  const server = useTestServer({ engine })

  it('are made, read again as they are, changed, and removed in the other order', async () => {
    const { admin } = server
    const UserPoolId = (await admin.send(new CreateUserPoolCommand({ PoolName: 'plan' }))).UserPool?.Id as string

    const CustomDomainConfig = {
      CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-0000-4000-8000-000000000000',
    }
    const custom = { UserPoolId, Domain: 'auth.example.com', CustomDomainConfig }
    await admin.send(new CreateUserPoolDomainCommand(custom))
    await admin.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: 'plan' }))
    const api = { UserPoolId, Identifier: 'https://api.example.com' }
    await admin.send(new CreateResourceServerCommand({ ...api, Name: 'API', Scopes: scopesNamed('read', 'write') }))
    const google = { UserPoolId, ProviderName: GOOGLE.ProviderName }
    const { ProviderDetails } = GOOGLE
    const AttributeMapping = { email: 'email', username: 'sub' }
    await admin.send(new CreateIdentityProviderCommand({ UserPoolId, ...GOOGLE, AttributeMapping }))
    const settings = {
      ClientName: 'app',
      AllowedOAuthFlows: ['code' as const],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: ['openid', `${api.Identifier}/read`],
      CallbackURLs: ['https://app.example.com/callback'],
      SupportedIdentityProviders: ['COGNITO', 'Google'],
    }
    const { UserPoolClient } = await admin.send(new CreateUserPoolClientCommand({ UserPoolId, ...settings }))
    const client = { UserPoolId, ClientId: UserPoolClient?.ClientId as string }

    const read = async () => ({
      pool: (await admin.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool,
      prefix: (await admin.send(new DescribeUserPoolDomainCommand({ Domain: 'plan' }))).DomainDescription,
      custom: (await admin.send(new DescribeUserPoolDomainCommand({ Domain: custom.Domain }))).DomainDescription,
      api: (await admin.send(new DescribeResourceServerCommand(api))).ResourceServer,
      google: (await admin.send(new DescribeIdentityProviderCommand(google))).IdentityProvider,
      client: (await admin.send(new DescribeUserPoolClientCommand(client))).UserPoolClient,
    })
    const made = await read()
    expect(made).toMatchObject({
      pool: { Domain: 'plan', CustomDomain: custom.Domain },
      prefix: { UserPoolId, Status: 'ACTIVE' },
      custom: { CustomDomainConfig, Status: 'ACTIVE' },
      api: { Scopes: scopesNamed('read', 'write') },
      google: { ProviderDetails, AttributeMapping },
      client: settings,
    })
    expect(await read()).toEqual(made)

    // What was read is what a plan writes back, the keys that were filled in among it.
    const { ProviderDetails: filled } = made.google as { ProviderDetails: Record<string, string> }
    await admin.send(new UpdateIdentityProviderCommand({ ...google, ProviderDetails: filled, IdpIdentifiers: ['g'] }))
    await admin.send(new UpdateResourceServerCommand({ ...api, Name: 'API 2', Scopes: scopesNamed('read') }))
    await admin.send(new UpdateUserPoolDomainCommand({ ...custom, ManagedLoginVersion: 2 }))
    await admin.send(new UpdateUserPoolClientCommand({ ...client, ...settings, ClientName: 'app 2' }))
    const changed = await read()
    expect(changed).toMatchObject({
      google: { ProviderDetails: filled, AttributeMapping, IdpIdentifiers: ['g'] },
      api: { Name: 'API 2', Scopes: scopesNamed('read') },
      custom: { ManagedLoginVersion: 2, CustomDomainConfig },
      prefix: { ManagedLoginVersion: 1 },
      client: { ...settings, ClientName: 'app 2' },
    })
    expect(await read()).toEqual(changed)

    const removePool = () => admin.send(new DeleteUserPoolCommand({ UserPoolId }))
    await admin.send(new DeleteUserPoolClientCommand(client))
    await admin.send(new DeleteIdentityProviderCommand(google))
    await admin.send(new DeleteResourceServerCommand(api))
    await expectRefusal(removePool(), 'InvalidParameterException', /has a domain configured/)
    for (const Domain of ['plan', custom.Domain]) {
      await admin.send(new DeleteUserPoolDomainCommand({ UserPoolId, Domain }))
      expect((await admin.send(new DescribeUserPoolDomainCommand({ Domain }))).DomainDescription).toEqual({})
    }
    await removePool()
  })
})
