// Whether messages of a medium (e-mail, SMS) can be delivered, and go to a destination.
import { countryOf } from '../config/calling-code-rules.ts'
import type { Config } from '../config/config.ts'
import type { LambdaConfigType } from '../contract/cognito-idp.types.ts'
import type { Effects } from '../effects/effects.ts'
import { ApiError } from '../errors.ts'

type Medium = 'EMAIL' | 'SMS'
type Delivering = Pick<Effects, 'sendEmail' | 'sendSms'> & {
  readonly config: Pick<Config, 'production'> & Partial<Pick<Config, 'customSenderKey'>>
}
/** A user pool, as far as it may name functions that send in place of this server. */
export interface Senders {
  readonly settings: { readonly LambdaConfig?: LambdaConfigType | undefined }
}

const NO_SENDERS: Senders = { settings: {} }

/** The ARN of the function that sends a pool's messages of a medium; undefined when this server does. */
export const customSender = ({ settings: { LambdaConfig } }: Senders, medium: Medium): string | undefined =>
  LambdaConfig?.[medium === 'EMAIL' ? 'CustomEmailSender' : 'CustomSMSSender']?.LambdaArn

/** Whether a sender is configured for a medium; if not, the outbox captures its messages (development only). */
export const isSent = (context: Pick<Effects, 'sendEmail' | 'sendSms'>, medium: Medium): boolean =>
  (medium === 'EMAIL' ? context.sendEmail : context.sendSms) !== undefined

/**
 * Whether messages of a medium can be delivered for a pool: by its own function, sent, or in development captured in the
 * outbox. If not, an operation that needs the message answers CodeDeliveryFailureException (`requireDelivery`);
 * `sendCode` and `prepareMessage` do so themselves.
 */
export const canDeliver = (context: Delivering, medium: Medium, pool = NO_SENDERS): boolean =>
  customSender(pool, medium) === undefined
    ? !context.config.production || isSent(context, medium)
    : context.config.customSenderKey !== undefined

/** Throws CodeDeliveryFailureException with what to set when `canDeliver` is false. */
export function requireDelivery(context: Delivering, medium: Medium, pool = NO_SENDERS): void {
  if (!canDeliver(context, medium, pool)) throw new ApiError('CodeDeliveryFailureException', noDelivery(medium, pool))
}

/** Throws CodeDeliveryFailureException when SMS is not sent to the country of a number (SMS_COUNTRIES). */
export function requireCountry({ config }: Going, medium: Medium, to: string): void {
  if (!goesTo(config, medium, to)) throw new ApiError('CodeDeliveryFailureException', NOT_THERE)
}

/**
 * `requireDelivery` and `requireCountry` for AdminResetUserPassword and AdminUpdateUserAttributes, which do not declare
 * CodeDeliveryFailureException: the nearest error they declare is that the pool is not allowed to send
 * (docs/behaviour/users.md).
 */
export function requireDeliveryForAdministrator(
  context: Delivering & Going,
  medium: Medium,
  to: string,
  pool = NO_SENDERS,
): void {
  const name = medium === 'EMAIL' ? 'InvalidEmailRoleAccessPolicyException' : 'InvalidSmsRoleAccessPolicyException'
  if (!canDeliver(context, medium, pool)) throw new ApiError(name, noDelivery(medium, pool))
  if (!goesTo(context.config, medium, to)) throw new ApiError(name, NOT_THERE)
}

type Going = { readonly config: Pick<Config, 'smsCountries'> }

const goesTo = ({ smsCountries }: Going['config'], medium: Medium, to: string): boolean =>
  medium === 'EMAIL' || smsCountries === undefined || smsCountries.has(countryOf(to) ?? '')

const NOT_THERE = 'SMS is not sent to the country of this phone number: SMS_COUNTRIES does not list it.'

function noDelivery(medium: Medium, pool: Senders): string {
  if (customSender(pool, medium) !== undefined)
    return 'Codes for the custom sender of this user pool cannot be encrypted: set CUSTOM_SENDER_KEY.'
  const [what, setting] = medium === 'EMAIL' ? ['e-mail', 'SMTP_URL'] : ['SMS', 'SMS_URL or SNS_ENDPOINT']
  return `No delivery of ${what} is configured: set ${setting}.`
}
