import {
  CreateUserPoolDomainCommand,
  DescribeUserPoolDomainCommand,
  UpdateUserPoolDomainCommand,
  type UpdateUserPoolDomainCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'

const certificate = (last: number) => ({
  CertificateArn: `arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-0000-4000-8000-00000000000${last}`,
})

describe('UpdateUserPoolDomain', () => {
  const server = useTestServer()

  const make = async (Domain: string, more = {}, pool = {}) => {
    const UserPoolId = (await makePool(server, pool)).Id
    await server.admin.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain, ...more }))
    return UserPoolId
  }
  const update = (UserPoolId: string, Domain: string, more: Partial<UpdateUserPoolDomainCommandInput> = {}) =>
    server.admin.send(new UpdateUserPoolDomainCommand({ UserPoolId, Domain, ...more }))
  const described = async (Domain: string) =>
    (await server.admin.send(new DescribeUserPoolDomainCommand({ Domain }))).DomainDescription

  it('changes the certificate and the version of the pages, and keeps what it does not name', async () => {
    const pool = await make('auth.example.com', { CustomDomainConfig: certificate(1) })
    const before = await described('auth.example.com')
    const { $metadata, ...answer } = await update(pool, 'auth.example.com', { ManagedLoginVersion: 2 })
    expect(answer).toEqual({ ManagedLoginVersion: 2, CloudFrontDomain: new URL(server.url).hostname })
    expect(await described('auth.example.com')).toEqual({ ...before, ManagedLoginVersion: 2 })
    await update(pool, 'auth.example.com', { CustomDomainConfig: certificate(2) })
    expect(await described('auth.example.com')).toEqual({
      ...before,
      ManagedLoginVersion: 2,
      CustomDomainConfig: certificate(2),
    })
  })

  it('changes the version of the pages of a prefix, which has no certificate', async () => {
    const pool = await make('prefix')
    const { $metadata, ...answer } = await update(pool, 'prefix', { ManagedLoginVersion: 2 })
    expect(answer).toEqual({ ManagedLoginVersion: 2 })
    await expectRefusal(
      update(pool, 'prefix', { CustomDomainConfig: certificate(1) }),
      'InvalidParameterException',
      'CustomDomainConfig can not be set for a prefix domain.',
    )
    expect(await described('prefix')).toMatchObject({ ManagedLoginVersion: 2 })
    expect(await described('prefix')).not.toHaveProperty('CustomDomainConfig')
  })

  it('refuses what a new domain may not have either', async () => {
    const pool = await make('lite', {}, { UserPoolTier: 'LITE' })
    await expectRefusal(update(pool, 'lite', { ManagedLoginVersion: 3 }), 'InvalidParameterException', /must be 1/)
    await expectRefusal(update(pool, 'lite', { ManagedLoginVersion: 2 }), 'FeatureUnavailableInTierException')
    expect(await described('lite')).toMatchObject({ ManagedLoginVersion: 1 })
  })

  it('refuses a domain of another pool, and an unknown one', async () => {
    const pool = await make('mine')
    await make('theirs')
    for (const domain of ['theirs', 'nobodys', 'a\u0000b'])
      await expectRefusal(
        update(pool, domain, { ManagedLoginVersion: 2 }),
        'InvalidParameterException',
        'No such domain or user pool exists.',
      )
    expect(await described('theirs')).toMatchObject({ ManagedLoginVersion: 1 })
  })

  it('refuses an unsigned call', async () => {
    const UserPoolId = await make('signed')
    const { json } = await server.raw('UpdateUserPoolDomain', { UserPoolId, Domain: 'signed', ManagedLoginVersion: 2 })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    expect(await described('signed')).toMatchObject({ ManagedLoginVersion: 1 })
  })
})
