import {
  CreateUserPoolDomainCommand,
  DeleteUserPoolCommand,
  DeleteUserPoolDomainCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'

const CUSTOM = {
  CustomDomainConfig: {
    CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-0000-4000-8000-000000000000',
  },
}

describe.each(engines)('DeleteUserPoolDomain on %s', (engine) => {
  const server = useTestServer({ engine })

  const make = async (Domain: string, more = {}, UserPoolId?: string) => {
    const id = UserPoolId ?? (await makePool(server)).Id
    await server.admin.send(new CreateUserPoolDomainCommand({ UserPoolId: id, Domain, ...more }))
    return id
  }
  const remove = (UserPoolId: string, Domain: string) =>
    server.admin.send(new DeleteUserPoolDomainCommand({ UserPoolId, Domain }))

  it('frees the name for another pool, and the pool for another name', async () => {
    const UserPoolId = await make('moving')
    await make('moving.example.com', CUSTOM, UserPoolId)
    const { $metadata, ...answer } = await remove(UserPoolId, 'moving')
    expect(answer).toEqual({})
    const { DomainDescription } = await server.admin.send(new DescribeUserPoolDomainCommand({ Domain: 'moving' }))
    expect(DomainDescription).toEqual({})
    const { UserPool } = await server.admin.send(new DescribeUserPoolCommand({ UserPoolId }))
    expect(UserPool).not.toHaveProperty('Domain')
    expect(UserPool?.CustomDomain).toBe('moving.example.com')
    await make('moving')
    await make('staying', {}, UserPoolId)
  })

  it('lets the pool be deleted, which it holds until then', async () => {
    const UserPoolId = await make('holding')
    await make('holding.example.com', CUSTOM, UserPoolId)
    const removePool = () => server.admin.send(new DeleteUserPoolCommand({ UserPoolId }))
    for (const domain of ['holding', 'holding.example.com']) {
      await expectRefusal(
        removePool(),
        'InvalidParameterException',
        'User pool cannot be deleted. It has a domain configured that should be deleted first.',
      )
      await remove(UserPoolId, domain)
    }
    await removePool()
  })

  it('refuses a domain of another pool, an unknown one, and what is none', async () => {
    const UserPoolId = await make('mine')
    await make('theirs')
    await make('theirs.example.com', CUSTOM)
    for (const domain of ['theirs', 'theirs.example.com', 'nobodys', 'Mine', 'a\u0000b', '__proto__'])
      await expectRefusal(
        remove(UserPoolId, domain),
        'InvalidParameterException',
        'No such domain or user pool exists.',
      )
    const { DomainDescription } = await server.admin.send(new DescribeUserPoolDomainCommand({ Domain: 'theirs' }))
    expect(DomainDescription?.Status).toBe('ACTIVE')
  })

  it('succeeds for one of two at once', async () => {
    const UserPoolId = await make('twice')
    const outcomes = await Promise.allSettled([remove(UserPoolId, 'twice'), remove(UserPoolId, 'twice')])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('refuses an unsigned call', async () => {
    const UserPoolId = await make('signed')
    const { json } = await server.raw('DeleteUserPoolDomain', { UserPoolId, Domain: 'signed' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    await remove(UserPoolId, 'signed')
  })
})
