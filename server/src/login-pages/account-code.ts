// Whose code a form asks for, after a sign-up or for a new password. It travels in the form, sealed, so that a page says of
// nobody but its reader where a code went, and no address names a user. It proves nothing: the code does.
import type { Context } from '../context.ts'
import type { CodeDeliveryDetailsType } from '../contract/cognito-idp.types.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import type { PoolRequest } from '../oauth/endpoint.ts'
import { tidyName } from './name-rules.ts'
import { PENDING_FIELD } from './sign-in.tsx'

export interface AccountCode {
  /** As it was typed: a username, an address or a number. */
  readonly username: string
  /** The masked address or number that the code went to; undefined where the page does not know. */
  readonly destination?: string | undefined
  readonly medium?: CodeDeliveryDetailsType['DeliveryMedium']
}

const PURPOSE = 'login-page-account'

export const sealAccountCode = (
  context: Pick<Context, 'sealer'>,
  { client }: AuthorizationRequest,
  code: AccountCode,
): string => context.sealer.sealJson(PURPOSE, code, client.clientId)

/** What the form was sealed with; for the form of a page that was opened by its address, the name that was typed. */
export function openAccountCode(
  context: Pick<Context, 'sealer'>,
  { client, pool }: AuthorizationRequest,
  { form }: Pick<PoolRequest, 'form'>,
): { sealed: AccountCode | undefined; username: string } {
  const sealed = context.sealer.openJson(PURPOSE, form.get(PENDING_FIELD) ?? '', client.clientId) as
    | AccountCode
    | undefined
  return { sealed, username: sealed?.username ?? tidyName(pool.settings, form.get('username')) }
}

export const codeSentTo = (
  username: string,
  { Destination, DeliveryMedium }: CodeDeliveryDetailsType,
): AccountCode => ({
  username,
  destination: Destination,
  ...(DeliveryMedium && { medium: DeliveryMedium }),
})
