// Whether a message can leave at all.
import type { Config } from '../config/config.ts'
import type { Effects } from '../effects/effects.ts'
import { ApiError } from '../errors.ts'

type Medium = 'EMAIL' | 'SMS'
type Delivering = Pick<Effects, 'sendEmail' | 'sendSms'> & { readonly config: Pick<Config, 'production'> }

/** Whether messages of a medium are really sent; if not, the outbox keeps them. */
export const isSent = (context: Pick<Effects, 'sendEmail' | 'sendSms'>, medium: Medium): boolean =>
  (medium === 'EMAIL' ? context.sendEmail : context.sendSms) !== undefined

/**
 * Whether a message of this medium reaches somebody: sent, or in development kept in the outbox. Where it does not, an
 * operation that needs the message answers CodeDeliveryFailureException (`requireDelivery`); `sendCode` and
 * `outbox.enqueue` do so by themselves.
 */
export const canDeliver = (context: Delivering, medium: Medium): boolean =>
  !context.config.production || isSent(context, medium)

/** Throws CodeDeliveryFailureException with what to set when `canDeliver` is false. */
export function requireDelivery(context: Delivering, medium: Medium): void {
  if (!canDeliver(context, medium)) throw new ApiError('CodeDeliveryFailureException', noDelivery(medium))
}

/**
 * `requireDelivery` for AdminResetUserPassword and AdminUpdateUserAttributes, which do not declare its error: that the
 * pool may not send is the nearest that they declare (docs/behaviour/users.md).
 */
export function requireDeliveryForAdministrator(context: Delivering, medium: Medium): void {
  if (canDeliver(context, medium)) return
  const name = medium === 'EMAIL' ? 'InvalidEmailRoleAccessPolicyException' : 'InvalidSmsRoleAccessPolicyException'
  throw new ApiError(name, noDelivery(medium))
}

function noDelivery(medium: Medium): string {
  const [what, setting] = medium === 'EMAIL' ? ['e-mail', 'SMTP_URL'] : ['SMS', 'SMS_URL or SNS_ENDPOINT']
  return `No delivery of ${what} is configured: set ${setting}.`
}
