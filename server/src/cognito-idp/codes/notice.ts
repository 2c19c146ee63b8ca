// Messages that tell a user of something that has happened, and ask for nothing. The words are the caller's.
import type { Context } from '../../context.ts'
import { canDeliver } from '../../messages/can-deliver.ts'
import type { OutgoingMessage } from '../../messages/outbox.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { StoredUser } from '../users/user-store.ts'

export interface Notice {
  readonly pool: UserPool
  readonly user: StoredUser
  /** The address of the client that the message is about, which budgets of messages count. */
  readonly address: string | undefined
  /** Who sends what: subject and HTML, or the event of a custom sender. */
  readonly content: Omit<OutgoingMessage, 'userPoolId' | 'userSub' | 'medium' | 'to'>
}

/**
 * Queues an e-mail to the user's verified address; without one, or where nothing delivers it, nothing is sent. Whatever
 * fails is logged: what the message is about has happened.
 */
export async function sendNotice(context: Context, { pool, user, address, content }: Notice): Promise<void> {
  const { email: to, email_verified: verified } = user.attributes
  // The event of a custom sender has no code in it, so it needs no key either.
  if (!to || verified !== 'true' || (!content.sender && !canDeliver(context, 'EMAIL', pool))) return
  try {
    const message: OutgoingMessage = { userPoolId: pool.id, userSub: user.sub, medium: 'EMAIL', to, ...content }
    const prepared = await context.outbox.prepare(message, { asker: { address }, proven: true })
    await context.outbox.enqueue(context.db, prepared)
    context.outbox.wake()
  } catch (err) {
    context.log.warn({ err, pool: pool.id, sub: user.sub }, 'a message that tells a user something could not be sent')
  }
}
