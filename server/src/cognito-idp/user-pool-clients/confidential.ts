// Whether an app client can prove that it is this client (RFC 6749 2.1). Pure.
import type { Place } from '../sign-in/sign-in.ts'
import { clientKeysUrl } from '../tags/cognomen-tag-rules.ts'

/** By a secret, or by keys of its own. Anybody can say to be a public client. */
export const isConfidential = ({ pool, client }: Place): boolean =>
  client.secrets.length > 0 || clientKeysUrl(pool.settings, client.settings) !== undefined
