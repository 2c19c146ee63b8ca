import { ListAccountAliasesCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe('ListAccountAliases', () => {
  const server = useTestServer()

  it('lists none', async () => {
    const answer = await iamClient(server).send(new ListAccountAliasesCommand({}))
    expect(answer).toMatchObject({ AccountAliases: [], IsTruncated: false })
  })

  it('refuses callers without permission', async () => {
    const call = new ListAccountAliasesCommand({})
    await expectDenied(server, (iam) => iam.send(call), 'iam:ListAccountAliases', '*')
  })
})
