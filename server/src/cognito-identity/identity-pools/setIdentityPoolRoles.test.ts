import {
  GetIdentityPoolRolesCommand,
  type RoleMapping,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIdentityPool, rawIdentityCall, useIdentityClient } from '../../../test/identity.ts'

describe.each(engines)('SetIdentityPoolRoles on %s', (engine) => {
  const server = useTestServer({ engine })
  const client = useIdentityClient(server)
  const role = (name: string) => `arn:aws:iam::${server.accountId}:role/${name}`
  const set = (IdentityPoolId: string, Roles: Record<string, string>, RoleMappings?: Record<string, RoleMapping>) =>
    client.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles, ...(RoleMappings && { RoleMappings }) }))
  const rolesOf = async (IdentityPoolId: string) => {
    const { $metadata, ...answer } = await client.send(new GetIdentityPoolRolesCommand({ IdentityPoolId }))
    return answer
  }
  const rule = (RoleARN: string) => ({
    Claim: 'cognito:groups',
    MatchType: 'Contains' as const,
    Value: 'admin',
    RoleARN,
  })

  const userPool = 'cognito-idp.us-east-1.amazonaws.com/us-east-1_a'
  const oidc = () => `arn:aws:iam::${server.accountId}:oidc-provider/login.example.com/x`
  const saml = () => `arn:aws:iam::${server.accountId}:saml-provider/Corp`
  const withProviders = () =>
    makeIdentityPool(client, {
      CognitoIdentityProviders: [{ ProviderName: userPool, ClientId: 'client' }],
      SupportedLoginProviders: { 'graph.facebook.com': '1' },
      OpenIdConnectProviderARNs: [oidc()],
      SamlProviderARNs: [saml()],
      DeveloperProviderName: 'login.example.app',
    })

  it('replaces roles and mappings together', async () => {
    const { IdentityPoolId } = await withProviders()
    expect(await rolesOf(IdentityPoolId)).toEqual({ IdentityPoolId })
    const Roles = { authenticated: role('Auth'), unauthenticated: role('path/Guest') }
    const RoleMappings: Record<string, RoleMapping> = {
      [`${userPool}:client`]: {
        Type: 'Rules',
        AmbiguousRoleResolution: 'Deny',
        RulesConfiguration: { Rules: [rule(role('Admin'))] },
      },
      'graph.facebook.com': { Type: 'Token', AmbiguousRoleResolution: 'AuthenticatedRole' },
    }
    const { $metadata, ...answer } = await set(IdentityPoolId, Roles, RoleMappings)
    expect(answer).toEqual({})
    expect(await rolesOf(IdentityPoolId)).toEqual({ IdentityPoolId, Roles, RoleMappings })
    await set(IdentityPoolId, { authenticated: role('Other') })
    expect(await rolesOf(IdentityPoolId)).toEqual({ IdentityPoolId, Roles: { authenticated: role('Other') } })
    await set(IdentityPoolId, {})
    expect(await rolesOf(IdentityPoolId)).toEqual({ IdentityPoolId })
  })

  it('refuses roles that are not of this account', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    for (const arn of ['arn:aws:iam::999999999999:role/Theirs', `arn:aws:iam::${server.accountId}:user/NoRole`]) {
      const text = `Access to Role '${arn}' is forbidden.`
      await expectRefusal(set(IdentityPoolId, { authenticated: arn }), 'NotAuthorizedException', text)
      await expectRefusal(
        set(
          IdentityPoolId,
          {},
          {
            x: { Type: 'Rules', AmbiguousRoleResolution: 'Deny', RulesConfiguration: { Rules: [rule(arn)] } },
          },
        ),
        'NotAuthorizedException',
        text,
      )
    }
    expect(await rolesOf(IdentityPoolId)).toEqual({ IdentityPoolId })
  })

  it('takes mappings of providers that the pool has, and of no others', async () => {
    const { IdentityPoolId } = await withProviders()
    const mapping: RoleMapping = { Type: 'Token', AmbiguousRoleResolution: 'Deny' }
    const local = server.publicUrl.replace('http://', '')
    for (const name of [
      `${userPool}:client`,
      `${local}/us-east-1_a:client`,
      'graph.facebook.com',
      oidc(),
      'login.example.com/x',
      saml(),
    ])
      await set(IdentityPoolId, {}, { [name]: mapping })
    for (const name of [
      userPool,
      `${userPool}:other`,
      'cognito-idp.us-east-1.amazonaws.com/us-east-1_b:client',
      'accounts.google.com',
      'login.example.com',
      `${saml()}x`,
      'login.example.app',
      'constructor',
    ]) {
      const text = `(${name}) is not a valid RoleMapping ProviderName or is not a configured provider.`
      await expectRefusal(set(IdentityPoolId, {}, { [name]: mapping }), 'InvalidParameterException', text)
    }
    expect((await rolesOf(IdentityPoolId)).RoleMappings).toEqual({ [saml()]: mapping })
  })

  it('refuses incomplete mappings', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    const refuse = (mapping: RoleMapping, text: string) =>
      expectRefusal(set(IdentityPoolId, {}, { p: mapping }), 'InvalidParameterException', text)
    await refuse({ Type: 'Token' }, 'AmbiguousRoleResolution is required for the role mapping of p.')
    await refuse(
      { Type: 'Rules', AmbiguousRoleResolution: 'Deny' },
      'RulesConfiguration is required for the role mapping of p.',
    )
    await refuse(
      {
        Type: 'Rules',
        AmbiguousRoleResolution: 'Deny',
        RulesConfiguration: { Rules: Array.from({ length: 26 }, () => rule(role('x'))) },
      },
      'The role mapping of p can not have more than 25 rules.',
    )
  })

  it('refuses unknown kinds of roles', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    await expectRefusal(set(IdentityPoolId, { admin: role('x') }), 'ValidationException', /Map keys must satisfy/)
  })

  it('refuses callers that do not sign', async () => {
    const answer = await rawIdentityCall(server, 'SetIdentityPoolRoles', {})
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
