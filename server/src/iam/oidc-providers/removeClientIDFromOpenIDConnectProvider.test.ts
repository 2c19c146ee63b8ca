import {
  CreateOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe('RemoveClientIDFromOpenIDConnectProvider', () => {
  const server = useTestServer()
  let arn: string

  beforeAll(async () => {
    const call = new CreateOpenIDConnectProviderCommand({
      Url: 'https://id.example.com',
      ClientIDList: ['a', 'b', 'c'],
    })
    arn = (await iamClient(server).send(call)).OpenIDConnectProviderArn as string
  })

  const remove = (ClientID: string, OpenIDConnectProviderArn = arn) =>
    iamClient(server).send(new RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }))

  it('removes a client id, and ignores an unknown one', async () => {
    await remove('b')
    await remove('b')
    const call = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })
    expect((await iamClient(server).send(call)).ClientIDList).toEqual(['a', 'c'])
  })

  it('NoSuchEntity for an unknown provider', async () => {
    const none = arn.replace('id.', 'none.')
    const message = `OpenIDConnect Provider not found for arn ${none}`
    await expectRefusal(remove('a', none), 'NoSuchEntityException', message)
  })

  it('refuses callers without permission', async () => {
    const call = new RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn, ClientID: 'a' })
    await expectDenied(server, (iam) => iam.send(call), 'iam:RemoveClientIDFromOpenIDConnectProvider', arn)
  })
})
