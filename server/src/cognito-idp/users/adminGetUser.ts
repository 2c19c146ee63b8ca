import { operation } from '../operation.ts'
import { attributeList } from './attribute-rules.ts'
import { mfaSettings } from './mfa-settings.ts'
import { requireUser } from './require-user.ts'

/** AdminGetUser (docs/reference/user-pools.md 7.6). */
export const adminGetUser = operation('AdminGetUser', async (context, { input, pool }) => {
  const user = await requireUser(context, pool, input.Username)
  return {
    Username: user.username,
    UserAttributes: attributeList(user),
    UserCreateDate: new Date(user.createdAt),
    UserLastModifiedDate: new Date(user.updatedAt),
    Enabled: user.enabled,
    UserStatus: user.status,
    ...mfaSettings(user),
  }
})
