import { CreateOpenIDConnectProviderCommand, ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe('ListOpenIDConnectProviders', () => {
  const server = useTestServer()
  const list = async () =>
    (await iamClient(server).send(new ListOpenIDConnectProvidersCommand({}))).OpenIDConnectProviderList?.map(
      ({ Arn }) => Arn,
    )
  const create = (host: string) =>
    iamClient(server).send(new CreateOpenIDConnectProviderCommand({ Url: `https://${host}` }))

  it('lists all, up to the hundred that an account has', async () => {
    expect(await list()).toEqual([])
    const hosts = Array.from({ length: 100 }, (_, index) => `h${String(index).padStart(3, '0')}.example.com`)
    await Promise.all(hosts.map(create))
    expect(await list()).toEqual(hosts.map((host) => `arn:aws:iam::${server.accountId}:oidc-provider/${host}`))
    const message = 'Cannot exceed quota for OpenIdConnectProvidersPerAccount: 100'
    await expectRefusal(create('more.example.com'), 'LimitExceededException', message)
  })

  it('refuses callers without permission', async () => {
    const call = new ListOpenIDConnectProvidersCommand({})
    await expectDenied(server, (iam) => iam.send(call), 'iam:ListOpenIDConnectProviders', '*')
  })
})
