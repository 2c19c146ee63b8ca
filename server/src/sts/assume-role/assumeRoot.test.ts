import { AssumeRootCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { stsClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { queryCall } from '../../../test/sessions.ts'

describe('AssumeRoot', () => {
  const server = useTestServer()

  it('is refused with a message that names it', () =>
    expectRefusal(
      stsClient(server).send(
        new AssumeRootCommand({
          TargetPrincipal: '999999999999',
          TaskPolicyArn: { arn: 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials' },
        }),
      ),
      'AccessDenied',
      'AssumeRoot needs an organization with member accounts, which Cognomen does not have.',
    ))

  it('refuses callers without a signature', async () => {
    const answer = await queryCall(server, { Action: 'AssumeRoot', Version: '2011-06-15' })
    expect(answer).toMatchObject({ status: 403, code: 'MissingAuthenticationToken' })
  })
})
