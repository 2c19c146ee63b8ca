import { GetDelegatedAccessTokenCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { stsClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { queryCall } from '../../../test/sessions.ts'

describe('GetDelegatedAccessToken', () => {
  const server = useTestServer()

  it('is refused with a message that names it', () =>
    expectRefusal(
      stsClient(server).send(new GetDelegatedAccessTokenCommand({ TradeInToken: 'x' })),
      'AccessDenied',
      /^GetDelegatedAccessToken needs a delegation request/,
    ))

  it('refuses callers without a signature', async () => {
    const answer = await queryCall(server, { Action: 'GetDelegatedAccessToken', Version: '2011-06-15' })
    expect(answer).toMatchObject({ status: 403, code: 'MissingAuthenticationToken' })
  })
})
