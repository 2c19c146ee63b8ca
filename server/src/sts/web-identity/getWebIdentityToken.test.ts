import { GetWebIdentityTokenCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { stsClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { queryCall } from '../../../test/sessions.ts'

describe('GetWebIdentityToken', () => {
  const server = useTestServer()

  it('is refused with a message that names it', () =>
    expectRefusal(
      stsClient(server).send(new GetWebIdentityTokenCommand({ Audience: ['x'], SigningAlgorithm: 'RS256' })),
      'OutboundWebIdentityFederationDisabledException',
      /^GetWebIdentityToken needs outbound web identity federation/,
    ))

  it('refuses callers without a signature', async () => {
    const answer = await queryCall(server, { Action: 'GetWebIdentityToken', Version: '2011-06-15' })
    expect(answer).toMatchObject({ status: 403, code: 'MissingAuthenticationToken' })
  })
})
