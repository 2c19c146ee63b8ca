// GetUser: the user's profile, limited to the attributes that the client may read (docs/reference/user-pools.md 7.6).
// It runs no statement, as verifying the access token has read the user.
import { operation } from '../operation.ts'
import { readableAttributes } from '../user-pool-clients/attribute-permission-rules.ts'
import { attributeList } from '../users/attribute-rules.ts'
import { mfaSettings } from '../users/mfa-settings.ts'

export const getUser = operation('GetUser', async (_context, { caller, pool, client }) => {
  const { user } = caller
  const readable = readableAttributes(pool.settings, client.settings)
  return {
    Username: user.username,
    UserAttributes: attributeList(user).filter(
      ({ Name }) => Name === 'sub' || Name === 'identities' || readable.includes(Name),
    ),
    ...mfaSettings(user),
  }
})
