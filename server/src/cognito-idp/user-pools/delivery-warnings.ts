// Tells an operator at the start of pools that cannot work: they send codes by e-mail or SMS, to verify contacts or as factors
// of sign-ins, and nothing is configured that would send them.
import type { Context } from '../../context.ts'
import { canDeliver, customSender } from '../../messages/can-deliver.ts'
import { contactsOfPolicy, secondFactors } from '../sign-in/factor-rules.ts'
import type { UserPoolSettings } from './pool-settings.ts'
import { listPools } from './pool-store.ts'

const CUSTOM = 'CUSTOM_SENDER_KEY'
const MEDIA = [
  { medium: 'EMAIL', settings: 'SMTP_URL' },
  { medium: 'SMS', settings: 'SMS_URL or SNS_ENDPOINT' },
  { medium: 'EMAIL', settings: CUSTOM },
  { medium: 'SMS', settings: CUSTOM },
] as const
type Medium = (typeof MEDIA)[number]['medium']

/** What pools send codes for, and what happens without them. */
const USES: readonly {
  readonly words: Readonly<Record<Medium, string>>
  readonly without: string
  readonly isOf: (pool: UserPoolSettings, medium: Medium) => boolean
}[] = [
  {
    words: { EMAIL: 'verify email', SMS: 'verify phone_number' },
    without: 'their sign-ups are refused',
    isOf: ({ AutoVerifiedAttributes = [] }, medium) =>
      AutoVerifiedAttributes.includes(medium === 'EMAIL' ? 'email' : 'phone_number'),
  },
  {
    words: { EMAIL: 'ask for EMAIL_OTP as second factor', SMS: 'ask for SMS_MFA as second factor' },
    without: 'sign-ins that need one are refused',
    isOf: (pool, medium) =>
      (pool.MfaConfiguration ?? 'OFF') !== 'OFF' &&
      secondFactors[medium === 'EMAIL' ? 'EMAIL_OTP' : 'SMS_MFA'].isOffered(pool),
  },
  {
    words: { EMAIL: 'allow EMAIL_OTP as first factor', SMS: 'allow SMS_OTP as first factor' },
    without: 'such sign-ins are refused',
    isOf: (pool, medium) => contactsOfPolicy(pool).includes(medium === 'EMAIL' ? 'email' : 'phone_number'),
  },
]
const POOLS_AT_ONCE = 100
const POOLS_NAMED = 5

/** Logs a warning for each medium and use that some pools have and that cannot be delivered; in production alone. */
export async function warnOfUndeliverable(
  context: Pick<Context, 'db' | 'config' | 'sendEmail' | 'sendSms' | 'log'>,
): Promise<void> {
  if (!context.config.production) return
  if (MEDIA.every(({ medium }) => canDeliver(context, medium)) && context.config.customSenderKey) return
  const missing = USES.flatMap((use) => MEDIA.map((row) => ({ ...use, ...row, pools: [] as string[] })))
  for (const region of context.config.regions) {
    for (let after: string | undefined = ''; after !== undefined; ) {
      const pools = await listPools(context.db, region, after, POOLS_AT_ONCE)
      for (const { id, settings } of pools)
        for (const { isOf, medium, settings: needed, pools: found } of missing) {
          const custom = customSender({ settings }, medium) !== undefined
          const isMissing = custom === (needed === CUSTOM) && !canDeliver(context, medium, { settings })
          if (isMissing && isOf(settings, medium)) found.push(id)
        }
      after = pools.length === POOLS_AT_ONCE ? pools.at(-1)?.id : undefined
    }
  }
  for (const { words, without, medium, settings, pools } of missing)
    if (pools.length > 0)
      context.log.warn(
        { userPools: pools.slice(0, POOLS_NAMED), count: pools.length },
        `user pools ${words[medium]}, but nothing sends their codes: set ${settings}, or ${without}`,
      )
}
