// StartWebAuthnRegistration: what a browser needs to have a passkey made for its user. docs/reference/user-pools.md 11.1.
import { operation } from '../operation.ts'
import { startRegistration } from './start-registration.ts'

export const startWebAuthnRegistration = operation(
  'StartWebAuthnRegistration',
  async (context, { caller: { user }, pool, client }) => ({
    CredentialCreationOptions: await startRegistration(context, { pool, client }, user),
  }),
)
