// A user gives a passkey up. docs/reference/user-pools.md 11.3.
import type { Context } from '../../context.ts'
import { sha256Text } from '../../crypto/digest.ts'
import { passkeyDeleted } from '../../events.ts'
import { fail } from '../../operation.ts'
import { dropUnneededCodes } from '../recovery-codes/recovery-codes.ts'
import type { Place } from '../sign-in/sign-in.ts'
import { changeUser } from '../users/change-user.ts'
import { withPasskeys } from '../users/mfa-settings.ts'
import { noSuchUserError } from '../users/require-user.ts'
import type { StoredUser } from '../users/user-store.ts'
import { deletePasskey as deleteRow, findPasskey } from './passkey-store.ts'

/** `credentialId`: in base64url. Throws ResourceNotFoundException and UserNotFoundException. */
export async function deletePasskey(
  context: Context,
  { pool, client }: Place,
  known: StoredUser,
  credentialId: string,
): Promise<void> {
  const unknown = () => fail('ResourceNotFoundException', 'The passkey does not exist.')
  const passkey = await findPasskey(context.db, pool.id, known.sub, sha256Text(credentialId))
  if (!passkey) throw unknown()
  const changed = await changeUser(context, pool, known, (user) => {
    const without = { ...user, mfa: withPasskeys(user.mfa, -1, passkey.userVerified) }
    return {
      user: without,
      after: async (db) => {
        if (!(await deleteRow(db, passkey))) throw unknown()
        await dropUnneededCodes(db, pool, without)
      },
    }
  })
  if (!changed) throw noSuchUserError()
  passkeyDeleted(context, { pool: pool.id, client: client.clientId, sub: changed.sub })
}
