import {
  CreateOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe('UpdateOpenIDConnectProviderThumbprint', () => {
  const server = useTestServer()
  const [a, b, c, d, e, f] = Array.from('abcdef', (letter) => letter.repeat(40)) as [string, ...string[]]
  let arn: string

  beforeAll(async () => {
    const call = new CreateOpenIDConnectProviderCommand({ Url: 'https://id.example.com', ThumbprintList: [a] })
    arn = (await iamClient(server).send(call)).OpenIDConnectProviderArn as string
  })

  const update = (ThumbprintList: (string | undefined)[], OpenIDConnectProviderArn = arn) =>
    iamClient(server).send(
      new UpdateOpenIDConnectProviderThumbprintCommand({
        OpenIDConnectProviderArn,
        ThumbprintList: ThumbprintList as string[],
      }),
    )
  const thumbprints = async () =>
    (await iamClient(server).send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })))
      .ThumbprintList

  it('replaces the list', async () => {
    await update([b, c, b])
    expect(await thumbprints()).toEqual([b, c])
    await update([])
    expect(await thumbprints()).toEqual([])
  })

  it('InvalidInput for more than five', async () => {
    const message = 'Thumbprint list must contain fewer than 5 entries.'
    await expectRefusal(update([a, b, c, d, e, f]), 'InvalidInputException', message)
    await update([a, b, c, d, e])
  })

  it('NoSuchEntity for an unknown provider', async () => {
    const none = arn.replace('id.', 'none.')
    const message = `OpenIDConnect Provider not found for arn ${none}`
    await expectRefusal(update([a], none), 'NoSuchEntityException', message)
  })

  it('refuses callers without permission', async () => {
    const call = new UpdateOpenIDConnectProviderThumbprintCommand({ OpenIDConnectProviderArn: arn, ThumbprintList: [] })
    await expectDenied(server, (iam) => iam.send(call), 'iam:UpdateOpenIDConnectProviderThumbprint', arn)
  })
})
