import { createHash } from 'node:crypto'

/** SHA-256 of UTF-8 text, in base64url (43 characters). */
export const sha256Text = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64url')
