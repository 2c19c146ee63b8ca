import { CreateOpenIDConnectProviderCommand, GetOpenIDConnectProviderCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe('GetOpenIDConnectProvider', () => {
  const server = useTestServer()
  const get = (OpenIDConnectProviderArn: string) =>
    iamClient(server).send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))

  it('shows the URL without its scheme, and lists even when they are empty', async () => {
    const { OpenIDConnectProviderArn: arn } = await iamClient(server).send(
      new CreateOpenIDConnectProviderCommand({ Url: 'https://id.example.com/Path' }),
    )
    const { $metadata, ...answer } = await get(arn as string)
    expect(answer).toEqual({
      Url: 'id.example.com/Path',
      ClientIDList: [],
      ThumbprintList: [],
      CreateDate: expect.any(Date),
      Tags: [],
    })
  })

  it('NoSuchEntity for another issuer, path, case or account', async () => {
    for (const [account, issuer] of [
      [server.accountId, 'none.example.com'],
      [server.accountId, 'id.example.com'],
      [server.accountId, 'id.example.com/path'],
      ['111122223333', 'id.example.com/Path'],
    ]) {
      const arn = `arn:aws:iam::${account}:oidc-provider/${issuer}`
      await expectRefusal(get(arn), 'NoSuchEntityException', `OpenIDConnect Provider not found for arn ${arn}`)
    }
  })

  it.each(['not-an-arn-at-all-really', 'arn:aws:iam::123456789012:role/x-123', 'arn:aws:iam::1:oidc-provider/x.y'])(
    'ValidationError for %s',
    async (arn) => {
      await expectRefusal(get(arn), 'ValidationError', 'Invalid ARN:  Could not be parsed!')
    },
  )

  it('refuses callers without permission', async () => {
    const arn = `arn:aws:iam::${server.accountId}:oidc-provider/id.example.com/Path`
    const call = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })
    await expectDenied(server, (iam) => iam.send(call), 'iam:GetOpenIDConnectProvider', arn)
  })
})
