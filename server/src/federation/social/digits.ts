// Digits, whose service was shut down: logins are refused as unreachable unless its address is configured to another
// server.
import { verifyOAuth1 } from './twitter.ts'

export const verifyDigits = verifyOAuth1({ provider: 'www.digits.com', host: 'digits', path: '/1.1/sdk/account.json' })
