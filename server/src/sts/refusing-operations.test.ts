// Operations that there is nothing behind: each says so by name.
import { AssumeRootCommand, GetDelegatedAccessTokenCommand, GetWebIdentityTokenCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { stsClient } from '../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../test/harness.ts'
import { queryCall } from '../../test/sessions.ts'

describe('refusing operations', () => {
  const server = useTestServer()

  it('AssumeRoot, GetDelegatedAccessToken and GetWebIdentityToken', async () => {
    const sts = stsClient(server)
    await expectRefusal(
      sts.send(
        new AssumeRootCommand({
          TargetPrincipal: '999999999999',
          TaskPolicyArn: { arn: 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials' },
        }),
      ),
      'AccessDenied',
      'AssumeRoot needs an organization with member accounts, which Cognomen does not have.',
    )
    await expectRefusal(
      sts.send(new GetDelegatedAccessTokenCommand({ TradeInToken: 'x' })),
      'AccessDenied',
      /^GetDelegatedAccessToken needs a delegation request/,
    )
    await expectRefusal(
      sts.send(new GetWebIdentityTokenCommand({ Audience: ['x'], SigningAlgorithm: 'RS256' })),
      'OutboundWebIdentityFederationDisabledException',
      /^GetWebIdentityToken needs outbound web identity federation/,
    )
  })

  it('what does not exist is InvalidAction', async () => {
    const call = (Action: string, Version = '2011-06-15') => queryCall(server, { Action, Version })
    const text = 'Could not find operation AssumeEverything for version 2011-06-15'
    expect(await call('AssumeEverything')).toMatchObject({ status: 400, code: 'InvalidAction', message: text })
    expect(await call('GetCallerIdentity', '2001-01-01')).toMatchObject({ status: 400, code: 'InvalidAction' })
  })
})
