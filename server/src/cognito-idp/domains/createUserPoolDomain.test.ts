import {
  CreateUserPoolDomainCommand,
  type CreateUserPoolDomainCommandInput,
  DeleteUserPoolCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-0000-4000-8000-000000000000'
const CUSTOM = { CustomDomainConfig: { CertificateArn: CERTIFICATE } }
const TAKEN = 'Domain already associated with another user pool.'

describe.each(engines)('CreateUserPoolDomain on %s', (engine) => {
  const server = useTestServer({ engine })

  const create = (UserPoolId: string, Domain: string, more: Partial<CreateUserPoolDomainCommandInput> = {}) =>
    server.admin.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain, ...more }))
  const answerOf = async (call: Promise<{ $metadata: unknown }>) => {
    const { $metadata: _, ...answer } = await call
    return answer
  }
  const poolIdOf = async (Domain: string) =>
    (await server.admin.send(new DescribeUserPoolDomainCommand({ Domain }))).DomainDescription?.UserPoolId
  const poolOf = async (UserPoolId: string) =>
    (await server.admin.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool

  it('gives a pool a prefix and a host name, which DescribeUserPool shows', async () => {
    const { Id } = await makePool(server)
    expect(await answerOf(create(Id, 'login-1'))).toEqual({ ManagedLoginVersion: 1 })
    expect(await poolOf(Id)).toMatchObject({ Domain: 'login-1' })
    expect(await poolOf(Id)).not.toHaveProperty('CustomDomain')
    expect(await answerOf(create(Id, 'auth.example.com', { ...CUSTOM, ManagedLoginVersion: 2 }))).toEqual({
      ManagedLoginVersion: 2,
      CloudFrontDomain: new URL(server.url).hostname,
    })
    const pool = await poolOf(Id)
    expect(pool).toMatchObject({ Domain: 'login-1', CustomDomain: 'auth.example.com' })
    expect(pool).not.toHaveProperty('DomainConfigurations')
  })

  it('refuses a second domain of the same kind, and the same one again', async () => {
    const { Id } = await makePool(server)
    const message = 'User pool already has a domain configured.'
    await create(Id, 'first')
    await expectRefusal(create(Id, 'second'), 'InvalidParameterException', message)
    await expectRefusal(create(Id, 'first'), 'InvalidParameterException', message)
    await create(Id, 'one.example.com', CUSTOM)
    await expectRefusal(create(Id, 'two.example.com', CUSTOM), 'InvalidParameterException', message)
    expect(await poolIdOf('second')).toBeUndefined()
    expect(await poolIdOf('two.example.com')).toBeUndefined()
  })

  it('refuses a domain of another pool', async () => {
    const [one, other] = [await makePool(server), await makePool(server)]
    await create(one.Id, 'taken')
    await create(one.Id, 'taken.example.com', CUSTOM)
    await expectRefusal(create(other.Id, 'taken'), 'InvalidParameterException', TAKEN)
    await expectRefusal(create(other.Id, 'taken.example.com', CUSTOM), 'InvalidParameterException', TAKEN)
    expect(await poolOf(other.Id)).not.toHaveProperty('Domain')
    expect(await poolIdOf('taken')).toBe(one.Id)
  })

  it('gives a domain that many pools want at once to one of them', async () => {
    const pools = await Promise.all(Array.from({ length: 6 }, () => makePool(server)))
    const outcomes = await Promise.allSettled(pools.map(({ Id }) => create(Id, 'wanted')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason.message).toBe(TAKEN)
    const winner = pools[outcomes.findIndex(({ status }) => status === 'fulfilled')]?.Id as string
    expect(await poolIdOf('wanted')).toBe(winner)
    for (const { Id } of pools) expect((await poolOf(Id))?.Domain).toBe(Id === winner ? 'wanted' : undefined)
  })

  it('gives a pool one of many prefixes that come at once, and keeps none of the others', async () => {
    const { Id } = await makePool(server)
    const prefixes = Array.from({ length: 6 }, (_, at) => `rival-${at}`)
    const outcomes = await Promise.allSettled(prefixes.map((prefix) => create(Id, prefix)))
    const won = prefixes.filter((_, at) => outcomes[at]?.status === 'fulfilled')
    expect(won).toHaveLength(1)
    expect((await poolOf(Id))?.Domain).toBe(won[0])
    for (const prefix of prefixes) expect(await poolIdOf(prefix)).toBe(won.includes(prefix) ? Id : undefined)
  })

  it('never leaves a domain to a pool that is deleted at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const { Id } = await makePool(server)
      const Domain = `last-${round}`
      const [made, deleted] = await Promise.allSettled([
        create(Id, Domain),
        server.admin.send(new DeleteUserPoolCommand({ UserPoolId: Id })),
      ])
      expect([made.status, deleted.status].sort()).toEqual(['fulfilled', 'rejected'])
      expect(await poolIdOf(Domain)).toBe(made.status === 'fulfilled' ? Id : undefined)
    }
  })
})

describe('CreateUserPoolDomain', () => {
  const server = useTestServer()

  const create = async (Domain: string, more: Partial<CreateUserPoolDomainCommandInput> = {}) =>
    server.admin.send(
      new CreateUserPoolDomainCommand({ UserPoolId: more.UserPoolId ?? (await makePool(server)).Id, Domain, ...more }),
    )

  it.each(['a', '1', 'x'.repeat(63), 'a--b', '0-1', 'awsome', 'laws'])('takes the prefix %s', async (prefix) => {
    await create(prefix)
  })

  const CHARACTERS =
    'The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$'
  it.each(['Login', '-a', 'a-', 'a_b', 'a b', 'ä', 'auth.example.com', 'a\u0000b', '..'])(
    'refuses the prefix %j',
    async (prefix) => {
      await expectRefusal(create(prefix), 'InvalidParameterException', CHARACTERS)
    },
  )

  it.each([
    ['aws', ['aws', 'aws-x', 'my-aws-x', 'my-aws']],
    ['amazon', ['amazon', 'myamazonpool']],
    ['cognito', ['cognito', 'newcognito']],
  ])('refuses prefixes with %s in them', async (word, prefixes) => {
    for (const prefix of prefixes)
      await expectRefusal(create(prefix), 'InvalidParameterException', `Domain cannot contain reserved word: ${word}`)
    await create(`${word}.example.com`, CUSTOM)
  })

  it('refuses a prefix that is too long', () =>
    expectRefusal(create('x'.repeat(64)), 'InvalidParameterException', /'domain'.*less than or equal to 63$/))

  it.each([
    'login',
    'Auth.example.com',
    'auth..example.com',
    'auth.example.com.',
    '*.example.com',
    '127.0.0.1',
    'x.auth.localhost',
  ])('refuses the host name %j', async (host) => {
    await expectRefusal(create(host, CUSTOM), 'InvalidParameterException', /^Custom domain is not a valid subdomain: /)
  })

  it.each([
    'arn:aws:acm:eu-west-1:123456789012:certificate/1b2c3d4e-0000-4000-8000-000000000000',
    'arn:aws:iam::123456789012:server-certificate/x',
  ])('refuses the certificate %s', async (CertificateArn) => {
    await expectRefusal(
      create('auth.example.org', { CustomDomainConfig: { CertificateArn } }),
      'InvalidParameterException',
      "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.",
    )
  })

  it('refuses versions of the pages that there are not', async () => {
    for (const ManagedLoginVersion of [0, 3, -1])
      await expectRefusal(
        create('versions', { ManagedLoginVersion }),
        'InvalidParameterException',
        'ManagedLoginVersion must be 1 (hosted UI (classic)) or 2 (managed login).',
      )
  })

  it('has managed login from the tier ESSENTIALS on, which a pool with it cannot leave', async () => {
    const lite = (await makePool(server, { UserPoolTier: 'LITE' })).Id
    await expectRefusal(
      create('lite', { UserPoolId: lite, ManagedLoginVersion: 2 }),
      'FeatureUnavailableInTierException',
      'The following feature is not available for the LITE pricing tier configured: Managed Login Version 2',
    )
    await create('lite', { UserPoolId: lite })
    const essentials = (await makePool(server)).Id
    await create('essentials', { UserPoolId: essentials, ManagedLoginVersion: 2 })
    await expectRefusal(
      server.admin.send(new UpdateUserPoolCommand({ UserPoolId: essentials, UserPoolTier: 'LITE' })),
      'TierChangeNotAllowedException',
    )
  })

  it('outlives an update of the pool', async () => {
    const UserPoolId = (await makePool(server)).Id
    await create('lasting', { UserPoolId, ManagedLoginVersion: 2 })
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId, PoolName: 'renamed' }))
    const { DomainDescription } = await server.admin.send(new DescribeUserPoolDomainCommand({ Domain: 'lasting' }))
    expect(DomainDescription).toMatchObject({ UserPoolId, ManagedLoginVersion: 2 })
    const { UserPool } = await server.admin.send(new DescribeUserPoolCommand({ UserPoolId }))
    expect(UserPool).toMatchObject({ Name: 'renamed', Domain: 'lasting' })
  })

  it('refuses a pool that does not exist', () =>
    expectRefusal(create('nowhere', { UserPoolId: 'us-east-1_nothere12' }), 'ResourceNotFoundException'))

  it('refuses an unsigned call', async () => {
    const UserPoolId = (await makePool(server)).Id
    const { json } = await server.raw('CreateUserPoolDomain', { UserPoolId, Domain: 'mallory' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    await create('mallory', { UserPoolId })
  })
})
