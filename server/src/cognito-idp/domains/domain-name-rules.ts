// The form of the names of domains. Pure. docs/reference/oauth-and-federation.md 18.

// The pattern of the model, which describes one label.
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** RFC 1035 2.3.4, without the dot at the end. */
const MAX_LENGTH = 253

/** Whether a text is a prefix (one label) or a host name in lower case. */
export const isDomainName = (text: string): boolean =>
  text.length <= MAX_LENGTH && text.split('.').every((label) => LABEL.test(label))
