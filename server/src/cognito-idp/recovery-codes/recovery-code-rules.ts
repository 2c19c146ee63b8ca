// The form of a recovery code: ten of 32 digits and letters, 50 bits, shown in two groups. No letter is taken for a digit:
// the alphabet is Crockford's base 32, which has neither I, L, O nor U. Pure.
import { type RandomBytes, uniformText } from '../../crypto/random-ids.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 10
const GROUP = 5

/** A new code as it is shown, such as `7K3QX-M04TD`. */
export function newRecoveryCode(randomBytes: RandomBytes): string {
  const code = uniformText(ALPHABET, LENGTH, randomBytes)
  return `${code.slice(0, GROUP)}-${code.slice(GROUP)}`
}

/**
 * The code in what somebody typed, in one spelling: without hyphens and spaces, in capitals, letters that look like digits
 * read as those. Undefined for what cannot be one, as a code of six digits cannot.
 */
export function recoveryCodeIn(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 4 * LENGTH) return undefined
  const code = text.replaceAll(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  return code.length === LENGTH && [...code].every((character) => ALPHABET.includes(character)) ? code : undefined
}
