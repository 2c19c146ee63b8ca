import { randomBytes } from 'node:crypto'
import { GetRoleCommand, GetUserCommand, ListRolesCommand, ListUsersCommand } from '@aws-sdk/client-iam'
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { policy } from '../../../test/iam.ts'
import { useRoleCallers } from '../../../test/role-callers.ts'
import { signerOf } from '../../../test/sessions.ts'

describe('session policies of AssumeRole', () => {
  const server = useTestServer()
  const callers = useRoleCallers(server)
  const { arnOf, assume } = callers

  const onlyGetRole = policy({ Action: 'iam:GetRole' })
  const use = async (input: Partial<AssumeRoleCommandInput>) => {
    const { Credentials, PackedPolicySize } = await assume('Plain', callers.ada, input)
    return { client: iamClient(server, signerOf(Credentials)), PackedPolicySize }
  }
  const getRole = new GetRoleCommand({ RoleName: 'Plain' })

  it('bound what the role may do, and do not add to it', async () => {
    const without = await use({})
    await without.client.send(getRole)
    await without.client.send(new ListRolesCommand({}))
    const { client, PackedPolicySize } = await use({ Policy: policy({ Action: ['iam:GetRole', 'iam:ListUsers'] }) })
    await client.send(getRole)
    await expectRefusal(
      client.send(new ListRolesCommand({})),
      'AccessDenied',
      /no session policy allows the iam:ListRoles action$/,
    )
    await expectRefusal(
      client.send(new ListUsersCommand({})),
      'AccessDenied',
      /no identity-based policy allows the iam:ListUsers action$/,
    )
    expect(PackedPolicySize).toBeGreaterThan(0)
    expect(PackedPolicySize).toBeLessThan(20)
  })

  it('may be managed policies, which form one set with the inline one', async () => {
    const PolicyArns = [{ arn: 'arn:aws:iam::aws:policy/IAMFullAccess' }]
    const both = await use({ PolicyArns, Policy: onlyGetRole })
    await both.client.send(getRole)
    await both.client.send(new ListRolesCommand({}))
    const another = await use({ PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/AmazonCognitoReadOnly' }] })
    await expectRefusal(
      another.client.send(new GetUserCommand({ UserName: 'bea' })),
      'AccessDenied',
      /no session policy/,
    )
    expect(both.PackedPolicySize).toBeGreaterThan(0)
  })

  it.each([
    ['text that is no JSON', 'not-json', 'This policy contains invalid Json'],
    ['JSON that is no policy', '{}', 'Syntax errors in policy.'],
    ['a principal', policy({ Action: 's3:*', Resource: '*', Principal: '*' }), /principal/],
    ['an action without service', policy({ Action: 'GetRole' }), /prefaced by a vendor/],
  ])('MalformedPolicyDocument for %s', async (_title, Policy, text) => {
    await expectRefusal(assume('Plain', callers.ada, { Policy }), 'MalformedPolicyDocumentException', text)
    // Refused before the role is looked up.
    await expectRefusal(assume('Missing', callers.ada, { Policy }), 'MalformedPolicyDocumentException', text)
  })

  it('PackedPolicyTooLarge beyond the packed size', async () => {
    const Resource = Array.from({ length: 60 }, () => arnOf(`role/${randomBytes(32).toString('hex')}`))
    const text = /^Packed policy consumes \d{3}% of allotted space, please use smaller policy\.$/
    await expectRefusal(
      assume('Plain', callers.ada, { Policy: policy({ Action: 'iam:GetRole', Resource }) }),
      'PackedPolicyTooLargeException',
      text,
    )
  })
})
