// The codes that users type for a device (RFC 8628 6.1). Pure. Eight consonants of the Latin alphabet, which no two people confuse and
// no word is made of: 34 bits, for some minutes, each wrong one counted as a guess.

const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
const LENGTH = 8
/** Bytes from here on would make the first letters likelier. */
const FAIR = 256 - (256 % LETTERS.length)

/** A code of eight letters; undefined where too many of the bytes are of no use. */
export function userCodeOf(bytes: Uint8Array): string | undefined {
  const letters = [...bytes].filter((byte) => byte < FAIR).map((byte) => LETTERS[byte % LETTERS.length])
  return letters.length < LENGTH ? undefined : letters.slice(0, LENGTH).join('')
}

/** As it is shown: `BCDF-GHJK`. */
export const shownUserCode = (code: string): string => `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`

/** What somebody typed as a code, without signs and blanks, in any case; undefined for what cannot be one. */
export function typedUserCode(text: string | undefined): string | undefined {
  const code = (text ?? '')
    .slice(0, 64)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
  return code.length === LENGTH && [...code].every((letter) => LETTERS.includes(letter)) ? code : undefined
}
