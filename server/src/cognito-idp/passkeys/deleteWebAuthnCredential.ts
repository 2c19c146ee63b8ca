import { operation } from '../operation.ts'
import { deletePasskey } from './delete-passkey.ts'

/** DeleteWebAuthnCredential: the user gives a passkey up (docs/reference/user-pools.md 11.3). */
export const deleteWebAuthnCredential = operation(
  'DeleteWebAuthnCredential',
  async (context, { input, caller, pool, client }) => {
    await deletePasskey(context, { pool, client }, caller.user, input.CredentialId)
    return {}
  },
)
