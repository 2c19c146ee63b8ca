import {
  CognitoIdentityProviderClient,
  CreateUserPoolDomainCommand,
  CreateUserPoolReplicaCommand,
  DescribeUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { makePool, useTestServer } from '../../../test/harness.ts'

const CustomDomainConfig = {
  CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-0000-4000-8000-000000000000',
  SecurityPolicy: 'TLS_V1_2_2021',
} as const

describe('DescribeUserPoolDomain', () => {
  const server = useTestServer({ env: { FURTHER_REGIONS: 'eu-west-1' } })

  const describeDomain = async (Domain: string, client = server.admin) =>
    (await client.send(new DescribeUserPoolDomainCommand({ Domain }))).DomainDescription

  it('shows a prefix domain', async () => {
    const UserPoolId = (await makePool(server)).Id
    await server.admin.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: 'shown' }))
    expect(await describeDomain('shown')).toEqual({
      UserPoolId,
      AWSAccountId: '000000000000',
      Domain: 'shown',
      CloudFrontDistribution: new URL(server.url).hostname,
      Version: expect.stringMatching(/^20\d{12}$/),
      Status: 'ACTIVE',
      ManagedLoginVersion: 1,
    })
  })

  it('shows a host name with its certificate and routing', async () => {
    const UserPoolId = (await makePool(server)).Id
    const Routing = {
      Failover: {
        SecondaryRegion: 'eu-west-1',
        PrimaryRoute53HealthCheckId: '0a1b2c3d-0000-4000-8000-000000000000',
      },
    }
    await server.admin.send(new CreateUserPoolReplicaCommand({ UserPoolId, RegionName: 'eu-west-1' }))
    const input = { UserPoolId, Domain: 'auth.example.com', CustomDomainConfig, Routing, ManagedLoginVersion: 2 }
    const { Routing: answered } = await server.admin.send(new CreateUserPoolDomainCommand(input))
    expect(answered).toEqual(Routing)
    expect(await describeDomain('auth.example.com')).toMatchObject({ ...input, Status: 'ACTIVE' })
  })

  it.each(['unknown', 'unknown.example.com', 'Upper', 'a\u0000b', '__proto__', 'x'.repeat(253)])(
    'shows nothing of %j',
    async (domain) => {
      expect(await describeDomain(domain)).toEqual({})
    },
  )

  it('shows nothing of a pool of another region', async () => {
    const UserPoolId = (await makePool(server)).Id
    await server.admin.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: 'regional' }))
    const { url: endpoint, credentials } = server
    const elsewhere = new CognitoIdentityProviderClient({ endpoint, credentials, region: 'eu-west-1' })
    try {
      expect(await describeDomain('regional', elsewhere)).toEqual({})
    } finally {
      elsewhere.destroy()
    }
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('DescribeUserPoolDomain', { Domain: 'shown' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
