// Whether the words of a CustomMessage trigger can be sent. Pure. docs/reference/user-pools.md 13.3, 14.
import type { Contact } from '../../messages/delivery-rules.ts'
import { limits } from '../limits.ts'

/** Words for a message; undefined ones are the pool's own. */
export interface CustomWords {
  smsMessage: string | undefined
  emailMessage: string | undefined
  emailSubject: string | undefined
}

/** What stands for the code, the username and a link in the words of a message. */
export const CODE_PARAMETER = '{####}'
export const USERNAME_PARAMETER = '{username}'
export const LINK_PARAMETER = '{##Click Here##}'
/** A link in the words of a message, with the text that is to be clicked. */
export const LINK = /\{##(.+?)##\}/g

/** The problem of the words for one message; those for the other medium are not looked at. */
export function customWordsProblem(
  { attribute, kind, code, link }: { attribute: Contact; kind: string; code: string; link?: string | undefined },
  { smsMessage, emailMessage, emailSubject }: CustomWords,
): string | undefined {
  const needed = [...(code === '' ? [] : [CODE_PARAMETER]), ...(kind === 'invitation' ? [USERNAME_PARAMETER] : [])]
  if (attribute === 'phone_number') return textProblem('smsMessage', smsMessage, limits.customSms.max, needed)
  // A link holds the code.
  const hasLink = link !== undefined && emailMessage?.match(LINK)
  return (
    textProblem('emailMessage', emailMessage, limits.customEmail.max, hasLink ? [] : needed) ??
    textProblem('emailSubject', emailSubject, limits.customSubject.max, [])
  )
}

function textProblem(
  name: string,
  text: string | undefined,
  max: number,
  needed: readonly string[],
): string | undefined {
  // An empty text leaves the pool's own words.
  if (!text) return undefined
  if ([...text].length > max) return `The ${name} of CustomMessage has more than ${max} characters.`
  const missing = needed.find((parameter) => !text.includes(parameter))
  return missing === undefined ? undefined : `The ${name} of CustomMessage does not hold ${missing}.`
}
