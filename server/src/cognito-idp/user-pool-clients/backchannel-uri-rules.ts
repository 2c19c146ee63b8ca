// Where an application may be told that a user has signed out. Pure. OpenID Connect Back-Channel Logout 1.0 section 2.2.

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** An absolute address by https, or by http on this machine, without a fragment, user name and password. */
export function isBackchannelUri(text: string): boolean {
  if (!/^[\x21-\x7e]{1,2048}$/.test(text) || !URL.canParse(text) || text.includes('#')) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname))
}
