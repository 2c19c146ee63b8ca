// DeleteWebAuthnCredential: the user gives a passkey up. docs/reference/user-pools.md 11.3.
import { sha256Text } from '../../crypto/digest.ts'
import { passkeyDeleted } from '../../events.ts'
import { operation } from '../operation.ts'
import { dropUnneededCodes } from '../recovery-codes/recovery-codes.ts'
import { changeUser } from '../users/change-user.ts'
import { withPasskeys } from '../users/mfa-settings.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { deletePasskey, findPasskey } from './passkey-store.ts'

export const deleteWebAuthnCredential = operation(
  'DeleteWebAuthnCredential',
  async (context, { input, caller, pool, client, fail }) => {
    const unknown = () => fail('ResourceNotFoundException', 'The passkey does not exist.')
    const passkey = await findPasskey(context.db, pool.id, caller.user.sub, sha256Text(input.CredentialId))
    if (!passkey) throw unknown()
    const changed = await changeUser(context, pool, caller.user, (user) => {
      const without = { ...user, mfa: withPasskeys(user.mfa, -1, passkey.userVerified) }
      return {
        user: without,
        after: async (db) => {
          if (!(await deletePasskey(db, passkey))) throw unknown()
          await dropUnneededCodes(db, pool, without)
        },
      }
    })
    if (!changed) throw noSuchUserError()
    passkeyDeleted(context, { pool: pool.id, client: client.clientId, sub: changed.sub })
    return {}
  },
)
