import { GetUserCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeRole } from '../../../test/iam.ts'
import { tag, useRoleCallers, variable } from '../../../test/role-callers.ts'
import { signerOf } from '../../../test/sessions.ts'

describe('a chain of roles by AssumeRole', () => {
  const server = useTestServer()
  const callers = useRoleCallers(server)
  const { adaIs, roleArn, assume, denied, adaDenied } = callers

  const actions = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']
  const whoAmI = { Action: 'iam:GetUser', Resource: `arn:aws:iam::*:user/${variable('aws:PrincipalTag/Team')}` }
  const sessionArn = (role: string) => `arn:aws:sts::${server.accountId}:assumed-role/${role}/walk`
  let tagged: Credentials

  beforeAll(async () => {
    await makeRole(callers.iam, 'First', { ...adaIs, Action: actions })
    const first = { Principal: { AWS: roleArn('First') } }
    await makeRole(callers.iam, 'Second', { ...first, Action: actions }, whoAmI)
    await makeRole(callers.iam, 'Untagged', first)
    const Tags = [tag('Team', 'bea'), tag('Unit', 'x')]
    const { Credentials } = await assume('First', callers.ada, { Tags, TransitiveTagKeys: ['TEAM'] })
    tagged = signerOf(Credentials)
  })

  it('a role may trust a role, or one session of it', async () => {
    const { Credentials } = await assume('First')
    await assume('Second', signerOf(Credentials))
    await makeRole(callers.iam, 'ForSession', { Principal: { AWS: sessionArn('First') } })
    await assume('ForSession', signerOf(Credentials))
    const another = await assume('First', callers.ada, { RoleSessionName: 'another' })
    await expectRefusal(assume('ForSession', signerOf(another.Credentials)), 'AccessDenied')
  })

  it('ends after an hour, whatever the role allows', async () => {
    const { Credentials } = await assume('First')
    const text = 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.'
    await expectRefusal(assume('Second', signerOf(Credentials), { DurationSeconds: 3601 }), 'ValidationError', text)
    await assume('Second', signerOf(Credentials), { DurationSeconds: 3600 })
  })

  it('passes on transitive tags only', async () => {
    const { Credentials } = await assume('Second', tagged)
    const session = iamClient(server, signerOf(Credentials))
    await session.send(new GetUserCommand({ UserName: 'bea' }))
    await expectRefusal(session.send(new GetUserCommand({ UserName: 'ada' })), 'AccessDenied')
    // Unit was not transitive: it may be given anew.
    await assume('Second', tagged, { Tags: [tag('Unit', 'y')] })
  })

  it('passes on tags only if the next role allows sts:TagSession', async () => {
    const text = denied(sessionArn('First'), 'Untagged', 'sts:TagSession')
    await expectRefusal(assume('Untagged', tagged), 'AccessDenied', text)
    const { Credentials } = await assume('First')
    await assume('Untagged', signerOf(Credentials))
  })

  it('transitive tags cannot be replaced', async () => {
    const text =
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session."
    await expectRefusal(assume('Second', tagged, { Tags: [tag('team', 'ada')] }), 'InvalidParameterValue', text)
  })

  it('keeps its source identity, which each role has to allow', async () => {
    const first = await assume('First', callers.ada, { SourceIdentity: 'ada@example' })
    expect(first.SourceIdentity).toBe('ada@example')
    const signer = signerOf(first.Credentials)
    const second = await assume('Second', signer)
    expect(second.SourceIdentity).toBe('ada@example')
    expect((await assume('Second', signer, { SourceIdentity: 'ada@example' })).SourceIdentity).toBe('ada@example')
    const changed = denied(sessionArn('First'), 'Second', 'sts:SetSourceIdentity')
    await expectRefusal(assume('Second', signer, { SourceIdentity: 'bea' }), 'AccessDenied', changed)
    const text = denied(sessionArn('First'), 'Untagged', 'sts:SetSourceIdentity')
    await expectRefusal(assume('Untagged', signer), 'AccessDenied', text)
  })

  it('a source identity needs sts:SetSourceIdentity, and roles may ask for one', async () => {
    const text = adaDenied('Plain', 'sts:SetSourceIdentity')
    await expectRefusal(assume('Plain', callers.ada, { SourceIdentity: 'ada' }), 'AccessDenied', text)
    const Condition = { StringEquals: { 'sts:SourceIdentity': 'ada' } }
    await makeRole(callers.iam, 'Sourced', { ...adaIs, Action: actions, Condition })
    await assume('Sourced', callers.ada, { SourceIdentity: 'ada' })
    await expectRefusal(assume('Sourced', callers.ada, { SourceIdentity: 'bea' }), 'AccessDenied', adaDenied('Sourced'))
    await expectRefusal(assume('Sourced'), 'AccessDenied', adaDenied('Sourced'))
  })
})
