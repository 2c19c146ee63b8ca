// Which tokens devices have (docs/reference/identity-pools-sts-iam-sync.md 21.1). Pure.
import { invalid, type Refusal } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'

/** The platform that Amazon does not have: browsers, by Web Push. */
export const WEBPUSH = 'WEBPUSH'

/** `isSubscription`: whether a text is a PushSubscription. */
export function tokenRefusal(
  platform: string,
  token: string,
  isSubscription: (text: string) => boolean,
): Refusal | undefined {
  if (token === '' || token.length > limits.pushToken.max)
    return invalid(`Token must have 1 to ${limits.pushToken.max} characters.`)
  if (platform === WEBPUSH && !isSubscription(token))
    return invalid('Token of the platform WEBPUSH must be a PushSubscription as JSON, with keys p256dh and auth.')
  if (platform.startsWith('APNS') && !/^[0-9a-fA-F]+$/.test(token))
    return invalid(`Token of the platform ${platform} must be hexadecimal.`)
  return undefined
}
