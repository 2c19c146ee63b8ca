// The link that confirms a sign-up: to a page of the pool, with the code (docs/reference/user-pools.md 14; the page is
// login-pages/confirm-link.tsx).
import type { Context } from '../../context.ts'
import { poolBase } from '../../signing/issuer-rules.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { MessageRequest } from './templates.ts'

type Linked = Pick<MessageRequest, 'pool' | 'kind' | 'attribute' | 'username' | 'code'> & {
  clientId: string | undefined
}

/** The URL; undefined for messages without one: those of pools that confirm by code, SMS, and other kinds of messages. */
export function confirmationLink(
  { publicUrl }: Pick<Context, 'publicUrl'>,
  { pool, kind, attribute, username, code, clientId }: Linked,
): string | undefined {
  if (clientId === undefined || attribute !== 'email' || !confirmsByLink(pool)) return undefined
  if (kind !== 'sign-up' && kind !== 'resend') return undefined
  const query = new URLSearchParams({ client_id: clientId, user_name: username, confirmation_code: code })
  return `${poolBase(publicUrl, pool)}/confirmUser?${query}`
}

/** Whether the e-mail of a sign-up in this pool has a link, and no code to type. */
export const confirmsByLink = ({ settings }: UserPool): boolean =>
  settings.VerificationMessageTemplate?.DefaultEmailOption === 'CONFIRM_WITH_LINK'
