import {
  CreateOpenIDConnectProviderCommand,
  type CreateOpenIDConnectProviderCommandInput,
  GetOpenIDConnectProviderCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe.each(engines)('CreateOpenIDConnectProvider (%s)', (engine) => {
  const server = useTestServer({ engine })
  const create = (Url: string, input: Partial<CreateOpenIDConnectProviderCommandInput> = {}) =>
    iamClient(server).send(new CreateOpenIDConnectProviderCommand({ Url, ...input }))
  const arnOf = (issuer: string) => `arn:aws:iam::${server.accountId}:oidc-provider/${issuer}`

  it('creates a provider with an issuer alone, and with all members', async () => {
    const bare = await create('https://bare.example.com')
    expect(bare.OpenIDConnectProviderArn).toBe(arnOf('bare.example.com'))
    expect(bare).not.toHaveProperty('Tags')
    const Tags = [{ Key: 'a', Value: 'b' }]
    const ClientIDList = ['one', 'two', 'one', '__proto__']
    const ThumbprintList = ['a'.repeat(40), 'b'.repeat(40), 'a'.repeat(40)]
    const all = await create('https://all.example.com/Path/', { Tags, ClientIDList, ThumbprintList })
    const OpenIDConnectProviderArn = arnOf('all.example.com/Path/')
    expect(all).toMatchObject({ OpenIDConnectProviderArn, Tags })
    expect(
      await iamClient(server).send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })),
    ).toMatchObject({
      ClientIDList: ['one', 'two', '__proto__'],
      ThumbprintList: ['a'.repeat(40), 'b'.repeat(40)],
      Tags,
    })
  })

  it('takes the issuers of its own user pools, which may be without TLS on the same machine', async () => {
    const issuer = `${server.publicUrl}/us-east-1_abcdefghi`
    expect((await create(issuer)).OpenIDConnectProviderArn).toBe(arnOf(issuer.replace('http://', '')))
    await create('http://id.localhost:9229/x')
  })

  it('EntityAlreadyExists for host and path of another one, also in concurrent requests', async () => {
    await create('https://twice.example.com/a')
    const message = 'Provider with url https://twice.example.com/a already exists.'
    await expectRefusal(create('https://twice.example.com/a'), 'EntityAlreadyExistsException', message)
    // The case of a path counts (RFC 3986 6.2.2.1).
    await create('https://twice.example.com/A')
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => create('https://race.example.com')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it.each([
    'example.com',
    'http://example.com',
    'ftp://example.com',
    'https://',
    'https://user@example.com',
    'https://example.com?x=y',
    'https://example.com#x',
    'https://exa mple.com',
    'https://example.com\\@evil.example',
    'javascript:alert(1)//',
    'https://bücher.example',
  ])('ValidationError for the URL %s', async (url) => {
    await expectRefusal(create(url), 'ValidationError', 'Invalid Open ID Connect Provider URL')
  })

  it('InvalidInput for more than five thumbprints, LimitExceeded for more than 100 client ids', async () => {
    const ThumbprintList = Array.from('abcdef', (letter) => letter.repeat(40))
    const thumbprints = 'Thumbprint list must contain fewer than 5 entries.'
    await expectRefusal(create('https://f.example.com', { ThumbprintList }), 'InvalidInputException', thumbprints)
    const ClientIDList = Array.from({ length: 101 }, (_, index) => `${index}`)
    const clients = 'Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100'
    await expectRefusal(create('https://f.example.com', { ClientIDList }), 'LimitExceededException', clients)
    await create('https://f.example.com', {
      ClientIDList: ClientIDList.slice(1),
      ThumbprintList: ThumbprintList.slice(1),
    })
  })

  it('ValidationError for what the contract does not allow', async () => {
    await expectRefusal(create(`https://${'x'.repeat(250)}`), 'ValidationError', /url.*less than or equal to 255/)
    await expectRefusal(create('https://g.example.com', { ThumbprintList: ['a'] }), 'ValidationError', /thumbprintList/)
  })

  it('refuses callers without permission', async () => {
    const call = new CreateOpenIDConnectProviderCommand({ Url: 'https://mine.example.com/x' })
    const arn = arnOf('mine.example.com/x')
    await expectDenied(server, (iam) => iam.send(call), 'iam:CreateOpenIDConnectProvider', arn)
  })
})
