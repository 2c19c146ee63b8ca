// Tells an operator at the start of pools that cannot work: they verify e-mail or phone numbers, and nothing is configured
// that would send the codes.
import type { Context } from '../../context.ts'
import { canDeliver, customSender } from '../../messages/can-deliver.ts'
import { listPools } from './pool-store.ts'

const CUSTOM = 'CUSTOM_SENDER_KEY'
const MEDIA = [
  { medium: 'EMAIL', attribute: 'email', settings: 'SMTP_URL' },
  { medium: 'SMS', attribute: 'phone_number', settings: 'SMS_URL or SNS_ENDPOINT' },
  { medium: 'EMAIL', attribute: 'email', settings: CUSTOM },
  { medium: 'SMS', attribute: 'phone_number', settings: CUSTOM },
] as const
const POOLS_AT_ONCE = 100
const POOLS_NAMED = 5

/** Logs a warning for each medium that some pools need and that cannot be delivered; in production alone. */
export async function warnOfUndeliverable(
  context: Pick<Context, 'db' | 'config' | 'sendEmail' | 'sendSms' | 'log'>,
): Promise<void> {
  if (!context.config.production) return
  const missing = MEDIA.map((row) => ({ ...row, pools: [] as string[] }))
  if (missing.every(({ medium }) => canDeliver(context, medium)) && context.config.customSenderKey) return
  for (const region of context.config.regions) {
    for (let after: string | undefined = ''; after !== undefined; ) {
      const pools = await listPools(context.db, region, after, POOLS_AT_ONCE)
      for (const { id, settings } of pools)
        for (const { attribute, medium, settings: needed, pools: found } of missing) {
          const custom = customSender({ settings }, medium) !== undefined
          const verifies = settings.AutoVerifiedAttributes?.includes(attribute)
          if (verifies && custom === (needed === CUSTOM) && !canDeliver(context, medium, { settings })) found.push(id)
        }
      after = pools.length === POOLS_AT_ONCE ? pools.at(-1)?.id : undefined
    }
  }
  for (const { attribute, settings, pools } of missing)
    if (pools.length > 0)
      context.log.warn(
        { userPools: pools.slice(0, POOLS_NAMED), count: pools.length },
        `user pools verify ${attribute}, but nothing sends their codes: set ${settings}, or their sign-ups are refused`,
      )
}
