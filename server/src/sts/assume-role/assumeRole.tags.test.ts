import { randomBytes } from 'node:crypto'
import { GetUserCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeRole, type Statement } from '../../../test/iam.ts'
import { tag, useRoleCallers, variable } from '../../../test/role-callers.ts'
import { signerOf } from '../../../test/sessions.ts'

describe('session tags of AssumeRole', () => {
  const server = useTestServer()
  const callers = useRoleCallers(server)
  const { adaIs, arnOf, assume, adaDenied } = callers

  const trusting = (Condition?: Statement['Condition']) => ({
    ...adaIs,
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    ...(Condition && { Condition }),
  })

  it('need sts:TagSession', async () => {
    const text = adaDenied('Plain', 'sts:TagSession')
    await expectRefusal(assume('Plain', callers.ada, { Tags: [tag('Team', 'blue')] }), 'AccessDenied', text)
    await assume('Plain', callers.ada, { Tags: [] })
  })

  it('are those of the principal from then on', async () => {
    const own = { Action: 'iam:GetUser', Resource: arnOf(`user/${variable('aws:PrincipalTag/Who')}`) }
    await makeRole(callers.iam, 'Tagged', trusting(), own)
    const { Credentials, PackedPolicySize } = await assume('Tagged', callers.ada, { Tags: [tag('who', 'bea')] })
    expect(PackedPolicySize).toBeGreaterThan(0)
    const session = iamClient(server, signerOf(Credentials))
    await session.send(new GetUserCommand({ UserName: 'bea' }))
    await expectRefusal(session.send(new GetUserCommand({ UserName: 'ada' })), 'AccessDenied')
    // A star in a tag is a star, not a pattern.
    const star = await assume('Tagged', callers.ada, { Tags: [tag('Who', '+=@')] })
    await expectRefusal(
      iamClient(server, signerOf(star.Credentials)).send(new GetUserCommand({ UserName: 'bea' })),
      'AccessDenied',
    )
  })

  it('can be asked for by the role', async () => {
    const condition = {
      StringEquals: { 'aws:RequestTag/Team': 'blue' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['Team', 'Unit'], 'sts:TransitiveTagKeys': ['Team'] },
    }
    await makeRole(callers.iam, 'Choosy', trusting(condition))
    const Tags = [tag('Team', 'blue'), tag('Unit', 'x')]
    await assume('Choosy', callers.ada, { Tags, TransitiveTagKeys: ['Team'] })
    await expectRefusal(
      assume('Choosy', callers.ada, { Tags: [tag('Team', 'red')] }),
      'AccessDenied',
      adaDenied('Choosy'),
    )
    await expectRefusal(assume('Choosy', callers.ada, { Tags: [...Tags, tag('More', 'y')] }), 'AccessDenied')
    await expectRefusal(assume('Choosy', callers.ada, { Tags, TransitiveTagKeys: ['Unit'] }), 'AccessDenied')
  })

  it('accepts tag keys such as __proto__', async () => {
    await makeRole(callers.iam, 'Hostile', trusting({ StringEquals: { 'aws:RequestTag/__proto__': 'x' } }))
    const Tags = [tag('__proto__', 'x'), tag('constructor', 'y')]
    await assume('Hostile', callers.ada, { Tags, TransitiveTagKeys: ['__proto__'] })
  })

  it.each([
    [
      'the same key in another case',
      { Tags: [tag('Team', 'a'), tag('team', 'b')] },
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ],
    [
      'a transitive key without its tag',
      { Tags: [tag('Team', 'a')], TransitiveTagKeys: ['Unit'] },
      'The specified transitive tag key must be included in the requested tags.',
    ],
  ])('InvalidParameterValue for %s', async (_title, input, text) => {
    await expectRefusal(assume('Plain', callers.ada, input), 'InvalidParameterValue', text)
  })

  it('ValidationError for invalid keys and values, and for too many tags', async () => {
    for (const Tags of [
      [tag('a*', 'b')],
      [tag('', 'b')],
      [tag('a', '"')],
      Array.from({ length: 51 }, (_, n) => tag(`k${n}`, 'v')),
    ])
      await expectRefusal(
        assume('Plain', callers.ada, { Tags }),
        'ValidationError',
        /^[12] validation errors? detected: /,
      )
  })

  it('PackedPolicyTooLarge beyond the packed size', async () => {
    await makeRole(callers.iam, 'Laden', trusting())
    const Tags = Array.from({ length: 50 }, () => tag(randomBytes(32).toString('hex'), randomBytes(64).toString('hex')))
    const text = /^Packed size of session tags consumes \d{3}% of allotted space\.$/
    await expectRefusal(assume('Laden', callers.ada, { Tags }), 'PackedPolicyTooLargeException', text)
  })
})
