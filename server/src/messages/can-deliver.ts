// Whether messages of a medium (e-mail, SMS) can be delivered.
import type { Config } from '../config/config.ts'
import type { Effects } from '../effects/effects.ts'
import { ApiError } from '../errors.ts'

type Medium = 'EMAIL' | 'SMS'
type Delivering = Pick<Effects, 'sendEmail' | 'sendSms'> & { readonly config: Pick<Config, 'production'> }

/** Whether a sender is configured for a medium; if not, the outbox captures its messages (development only). */
export const isSent = (context: Pick<Effects, 'sendEmail' | 'sendSms'>, medium: Medium): boolean =>
  (medium === 'EMAIL' ? context.sendEmail : context.sendSms) !== undefined

/**
 * Whether messages of a medium can be delivered: sent, or in development captured in the outbox. If not, an operation
 * that needs the message answers CodeDeliveryFailureException (`requireDelivery`); `sendCode` and `outbox.prepare` do
 * so themselves.
 */
export const canDeliver = (context: Delivering, medium: Medium): boolean =>
  !context.config.production || isSent(context, medium)

/** Throws CodeDeliveryFailureException with what to set when `canDeliver` is false. */
export function requireDelivery(context: Delivering, medium: Medium): void {
  if (!canDeliver(context, medium)) throw new ApiError('CodeDeliveryFailureException', noDelivery(medium))
}

/**
 * `requireDelivery` for AdminResetUserPassword and AdminUpdateUserAttributes, which do not declare
 * CodeDeliveryFailureException: the nearest error they declare is that the pool is not allowed to send
 * (docs/behaviour/users.md).
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
