// The words of the message that tells a user of a risky sign-in. docs/reference/user-pools.md 15.
import type {
  AccountTakeoverEventActionType,
  NotifyConfigurationType,
  NotifyEmailType,
} from '../../contract/cognito-idp.types.ts'
import { escapeHtml, headerText } from '../codes/templates.ts'

/** The texts for the placeholders, by their names. */
export type NotificationValues = Readonly<
  Record<
    | 'username'
    | 'ip-address'
    | 'city'
    | 'country'
    | 'login-time'
    | 'device-name'
    | 'one-click-link-valid'
    | 'one-click-link-invalid'
    | 'event-id'
    | 'feedback-token',
    string
  >
>

const MEMBERS: Readonly<Record<AccountTakeoverEventActionType, 'BlockEmail' | 'MfaEmail' | 'NoActionEmail'>> = {
  BLOCK: 'BlockEmail',
  MFA_IF_CONFIGURED: 'MfaEmail',
  MFA_REQUIRED: 'MfaEmail',
  NO_ACTION: 'NoActionEmail',
}

const LINKS =
  '<p>Was it you? <a href="{one-click-link-valid}">Yes, it was me</a>. <a href="{one-click-link-invalid}">No, it was not</a>.</p>'
const SEEN = '<p>Hello {username},</p><p>{what} at {login-time} from {ip-address} with {device-name}.</p>'
const own = (what: string, Subject: string): NotifyEmailType => ({
  Subject,
  HtmlBody: `${SEEN.replace('{what}', what)}${LINKS}`,
})

/** What is sent where the configuration has no words for an action. */
const DEFAULTS: Readonly<Record<(typeof MEMBERS)[AccountTakeoverEventActionType], NotifyEmailType>> = {
  BlockEmail: own('An unusual sign-in to your account was blocked', 'Blocked sign-in attempt'),
  MfaEmail: own(
    'There was an unusual sign-in to your account, for which a second factor was asked',
    'New sign-in attempt',
  ),
  NoActionEmail: own('There was an unusual sign-in to your account', 'New sign-in attempt'),
}

/** Subject and HTML of the message for an action. Values are escaped; a text is shown as it is written. */
export function notification(
  set: NotifyConfigurationType | undefined,
  action: AccountTakeoverEventActionType,
  values: NotificationValues,
): { subject: string; body: string } {
  const member = MEMBERS[action]
  const { Subject, HtmlBody, TextBody } = set?.[member] ?? DEFAULTS[member]
  const html = HtmlBody || (TextBody && `<pre>${escapeHtml(TextBody)}</pre>`) || DEFAULTS[member].HtmlBody || ''
  return { subject: headerText(fill(Subject, values)), body: fill(html, values, escapeHtml) }
}

const fill = (template: string, values: NotificationValues, spell = (value: string): string => value): string =>
  template.replaceAll(/\{([a-z-]+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? spell(values[name as keyof NotificationValues]) : placeholder,
  )
