import {
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
} from '@aws-sdk/client-iam'
import { describe, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe('DeleteOpenIDConnectProvider', () => {
  const server = useTestServer()
  const Url = 'https://id.example.com'
  const create = () => iamClient(server).send(new CreateOpenIDConnectProviderCommand({ Url }))
  const arnOf = () => `arn:aws:iam::${server.accountId}:oidc-provider/id.example.com`
  const remove = (OpenIDConnectProviderArn: string) =>
    iamClient(server).send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))

  it('removes a provider, whose issuer can be used again; a second deletion changes nothing', async () => {
    await create()
    const arn = arnOf()
    await remove(arn)
    await expectRefusal(
      iamClient(server).send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })),
      'NoSuchEntityException',
    )
    await remove(arn)
    await create()
    await remove(arn.replace(server.accountId, '999999999999'))
    await iamClient(server).send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }))
  })

  it('ValidationError for a text that is not the ARN of a provider', async () => {
    const message = 'Invalid ARN:  Could not be parsed!'
    await expectRefusal(remove('arn:aws:iam::123456789012:saml-provider/x'), 'ValidationError', message)
  })

  it('refuses callers without permission', async () => {
    const call = new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arnOf() })
    await expectDenied(server, (iam) => iam.send(call), 'iam:DeleteOpenIDConnectProvider', arnOf())
  })
})
