// Tells a user by e-mail that a recovery code was used: whoever else knows one has the second factor.
import type { Context } from '../../context.ts'
import { customSender } from '../../messages/can-deliver.ts'
import { sendNotice } from '../codes/notice.ts'
import { escapeHtml, sender } from '../codes/templates.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { StoredUser } from '../users/user-store.ts'

interface Used {
  readonly pool: UserPool
  readonly user: StoredUser
  /** How many codes the user has left. */
  readonly left: number
  /** The client's address. */
  readonly address: string | undefined
}

/** Queues the message; a pool with a custom sender sends none, as Cognito has no event for it. Never rejects. */
export async function tellRecoveryCodeUsed(context: Context, { pool, user, left, address }: Used): Promise<void> {
  if (customSender(pool, 'EMAIL')) return
  const at = new Date(context.clock.now()).toUTCString()
  const remaining = left === 0 ? 'You have none left: make new ones.' : `You have ${left} left.`
  const content = {
    ...sender(pool, context.config),
    subject: 'A recovery code was used',
    body: `<p>Hello ${escapeHtml(user.username)},</p><p>A recovery code was used to sign in to your account at ${at} from ${escapeHtml(address ?? 'unknown')}. ${remaining}</p><p>If it was not you, change your password and make new recovery codes.</p>`,
  }
  await sendNotice(context, { pool, user, address, content })
}
