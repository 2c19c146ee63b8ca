import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe.each(engines)('AddClientIDToOpenIDConnectProvider (%s)', (engine) => {
  const server = useTestServer({ engine })
  let arn: string

  beforeAll(async () => {
    const call = new CreateOpenIDConnectProviderCommand({ Url: 'https://id.example.com' })
    arn = (await iamClient(server).send(call)).OpenIDConnectProviderArn as string
  })

  const add = (ClientID: string, OpenIDConnectProviderArn = arn) =>
    iamClient(server).send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }))
  const clientIds = async () =>
    (await iamClient(server).send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }))).ClientIDList

  it('adds a client id once, and loses none of several concurrent changes', async () => {
    await add('b')
    await add('a')
    await add('b')
    expect(await clientIds()).toEqual(['b', 'a'])
    await Promise.all(Array.from({ length: 6 }, (_, index) => add(`${index}`)))
    expect((await clientIds())?.sort()).toEqual(['0', '1', '2', '3', '4', '5', 'a', 'b'])
  })

  it('LimitExceeded for more than 100', async () => {
    const ClientIDList = Array.from({ length: 100 }, (_, index) => `${index}`)
    const call = new CreateOpenIDConnectProviderCommand({ Url: 'https://full.example.com', ClientIDList })
    const { OpenIDConnectProviderArn } = await iamClient(server).send(call)
    await add('7', OpenIDConnectProviderArn)
    const message = 'Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100'
    await expectRefusal(add('more', OpenIDConnectProviderArn), 'LimitExceededException', message)
  })

  it('NoSuchEntity for an unknown provider, ValidationError for a text that is not an ARN', async () => {
    const none = arn.replace('id.', 'none.')
    const message = `OpenIDConnect Provider not found for arn ${none}`
    await expectRefusal(add('a', none), 'NoSuchEntityException', message)
    await expectRefusal(add('a', 'not-an-arn-at-all-really'), 'ValidationError', 'Invalid ARN:  Could not be parsed!')
  })

  it('refuses callers without permission', async () => {
    const call = new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn, ClientID: 'x' })
    await expectDenied(server, (iam) => iam.send(call), 'iam:AddClientIDToOpenIDConnectProvider', arn)
  })
})
