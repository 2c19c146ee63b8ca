import { CreateAccessKeyCommand, CreateUserCommand } from '@aws-sdk/client-iam'
import { GetAccessKeyInfoCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { type Credentials, iamClient, stsClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser } from '../../../test/iam.ts'

describe('GetAccessKeyInfo', () => {
  const server = useTestServer({ env: { ACCOUNT_ID: '029608264753' } })

  const accountOf = async (AccessKeyId: string | undefined, signer: Credentials = server.credentials) =>
    (await stsClient(server, signer).send(new GetAccessKeyInfoCommand({ AccessKeyId }))).Account

  it('reads keys of this server: of the administrator, of users, of sessions', async () => {
    const iam = iamClient(server)
    await iam.send(new CreateUserCommand({ UserName: 'ada' }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }))
    const { Credentials } = await stsClient(server).send(new GetSessionTokenCommand({}))
    for (const id of [server.credentials.accessKeyId, AccessKey?.AccessKeyId, Credentials?.AccessKeyId])
      expect(await accountOf(id)).toBe('029608264753')
  })

  it('reads keys of other accounts', async () => {
    expect(await accountOf('ASIAY34FZKBOKMUTVV7A')).toBe('609629065308')
  })

  it('ValidationError for a key without an account', async () => {
    const text = 'AKIAIOSFODNN7EXAMPLE is invalid'
    await expectRefusal(accountOf('AKIAIOSFODNN7EXAMPLE'), 'ValidationError', text)
    await expectRefusal(accountOf('AKIA'), 'ValidationError', /greater than or equal to 16$/)
    await expectRefusal(accountOf('AKIA-OSFODNN7EXAMPLE'), 'ValidationError', /regular expression/)
  })

  it('AccessDenied for a user without the permission', async () => {
    const bea = await makeIamUser(iamClient(server), 'bea')
    const text = /is not authorized to perform: sts:GetAccessKeyInfo on resource: \* because no identity-based policy/
    await expectRefusal(accountOf('ASIAY34FZKBOKMUTVV7A', bea), 'AccessDenied', text)
    const cleo = await makeIamUser(iamClient(server), 'cleo', { Action: 'sts:GetAccessKeyInfo' })
    await accountOf('ASIAY34FZKBOKMUTVV7A', cleo)
  })
})
