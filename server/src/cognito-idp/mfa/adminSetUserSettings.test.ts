// What it has in common with SetUserSettings is setUserSettings.test.ts.
import { AdminSetUserSettingsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, it } from 'vitest'
import { expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'

describe('AdminSetUserSettings', () => {
  const server = useTestServer()

  it('does not know users and pools that are not there', async () => {
    const { Id } = await makePool(server)
    const set = (UserPoolId: string) =>
      server.admin.send(new AdminSetUserSettingsCommand({ UserPoolId, Username: 'nobody', MFAOptions: [] }))
    await expectRefusal(set(Id), 'UserNotFoundException', 'User does not exist.')
    await expectRefusal(set('us-east-1_NoSuchPoo'), 'ResourceNotFoundException')
  })
})
