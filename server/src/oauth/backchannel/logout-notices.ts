// Tells an application that a user has signed out: a job posts a logout token to its address (OpenID Connect Back-Channel Logout
// 1.0 section 2.5), again and again for a day until it answers.
import { LOGOUT_NOTICES, type LogoutNotice } from '../../cognito-idp/sessions/logout-notices.ts'
import { backchannelLogoutUri } from '../../cognito-idp/tags/cognomen-tag-rules.ts'
import type { Context } from '../../context.ts'
import { pauseAfter } from '../../jobs/back-off-rules.ts'
import type { Queue } from '../../jobs/queue.ts'
import { limits } from '../limits.ts'
import { logoutToken } from './logout-token.ts'

const SLOTS = 8

/** Runs costly work when there is room for it, as that of requests; rejects when there is none, and the job is run later. */
export interface Admitted {
  run<T>(call: () => Promise<T>): Promise<T>
}

export const logoutNoticeQueue = (context: Context, costlyCalls: Admitted): Queue => ({
  name: LOGOUT_NOTICES,
  slots: SLOTS,
  async run(job, lease) {
    const notice = JSON.parse(job.payload) as LogoutNotice
    const { userPoolId, clientId } = notice
    const line = { pool: userPoolId, client: clientId, attempts: job.attempts }
    const pool = await context.userPools.pool(userPoolId)
    const client = await context.userPools.client(clientId)
    const url = pool && client && backchannelLogoutUri(pool.settings, client.settings)
    // The pool or its client is gone, or does not want to know any more.
    if (!pool || url === undefined) return lease.finish()
    const token = await costlyCalls.run(() => logoutToken(context, pool, notice))
    const failure = await post(context, url, token)
    if (failure === undefined) {
      context.log.info(line, 'an application was told of a sign-out')
      return lease.finish()
    }
    const now = context.clock.now()
    if (failure.isFinal || now - job.created_at > limits.logoutNoticeSeconds.max * 1000) {
      context.log.error({ ...line, reason: failure.reason }, 'an application could not be told of a sign-out')
      return lease.finish()
    }
    context.log.warn({ ...line, reason: failure.reason }, 'an application was not told of a sign-out yet')
    const random = context.random.bytes(4).readUInt32BE() / 2 ** 32
    return lease.postpone(now + pauseAfter(job.attempts, random))
  },
})

/** What went wrong, in a word for the log; final where the application has understood, and refuses. */
async function post(
  { web }: Pick<Context, 'web'>,
  url: string,
  token: string,
): Promise<{ reason: string; isFinal: boolean } | undefined> {
  const answer = await web.send({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ logout_token: token }).toString(),
    maxAnswer: limits.logoutAnswer.max,
  })
  if ('failed' in answer) return { reason: answer.failed, isFinal: answer.failed === 'bad-url' }
  // 2.8: 200 or 204; 400 for a token that is refused, which the next one would be, too.
  if (answer.status >= 200 && answer.status < 300) return undefined
  return { reason: `status ${answer.status}`, isFinal: answer.status === 400 }
}
