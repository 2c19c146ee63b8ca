import { CreateSAMLProviderCommand, DeleteSAMLProviderCommand } from '@aws-sdk/client-iam'
import { describe, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'
import { metadata } from '../../../test/saml-provider.ts'

describe('DeleteSAMLProvider', () => {
  const server = useTestServer()
  const create = () =>
    iamClient(server).send(new CreateSAMLProviderCommand({ Name: 'Corp', SAMLMetadataDocument: metadata() }))
  const arnOf = () => `arn:aws:iam::${server.accountId}:saml-provider/Corp`
  const remove = (SAMLProviderArn: string) => iamClient(server).send(new DeleteSAMLProviderCommand({ SAMLProviderArn }))

  it('removes a provider, whose name can be used again; a second deletion is refused', async () => {
    await create()
    await remove(arnOf())
    await expectRefusal(remove(arnOf()), 'NoSuchEntityException', `Manifest not found for arn ${arnOf()}`)
    await create()
  })

  it('NoSuchEntity for another case of the name', async () => {
    const arn = arnOf().replace('Corp', 'corp')
    await expectRefusal(remove(arn), 'NoSuchEntityException', `Manifest not found for arn ${arn}`)
  })

  it('refuses callers without permission', async () => {
    const call = new DeleteSAMLProviderCommand({ SAMLProviderArn: arnOf() })
    await expectDenied(server, (iam) => iam.send(call), 'iam:DeleteSAMLProvider', arnOf())
  })
})
