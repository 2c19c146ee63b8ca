// Usernames of users who come from external providers. Pure. docs/reference/oauth-and-federation.md 19.2.
import { isCaseSensitive, type UserPoolSettings } from '../user-pools/pool-settings.ts'

/** UsernameType of the contract. */
const MAX_USERNAME = 128
const USERNAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u

/** `<Provider>_<subject>`, in lower case, the provider's name too, where usernames have no case. */
export function federatedUsername(
  settings: Pick<UserPoolSettings, 'UsernameConfiguration'>,
  { provider, subject }: { provider: string; subject: string },
): string {
  const name = `${provider}_${subject}`
  return isCaseSensitive(settings) ? name : name.toLowerCase()
}

/** Why a subject makes no username: longer than 128 characters with the provider's name, or with spaces in it. */
export function usernameProblem(username: string): 'too-long' | 'characters' | undefined {
  if ([...username].length > MAX_USERNAME) return 'too-long'
  return USERNAME.test(username) ? undefined : 'characters'
}
