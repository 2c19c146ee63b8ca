// The page that posts an answer to the application (OAuth 2.0 Form Post Response Mode 1.0). Its script sends the form at once;
// without script people press its button, which says where it leads, in words of no language.
import { randomBytes } from 'node:crypto'
import { textResponse } from '../../http/text-response.ts'

const SCRIPT = 'document.forms[0].submit()'

/** A page with a form of these fields to `redirectUri`, which is an http or https URL. */
export function formPost(redirectUri: string, fields: readonly (readonly [name: string, value: string])[]): Response {
  const { origin, host } = new URL(redirectUri)
  const nonce = randomBytes(16).toString('base64url')
  const document = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{host}</title>
      </head>
      <body>
        <form method="post" action={redirectUri}>
          {fields.map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <button type="submit">{host} →</button>
        </form>
        <script nonce={nonce} dangerouslySetInnerHTML={{ __html: SCRIPT }} />
      </body>
    </html>
  )
  return textResponse(`<!doctype html>${document}`, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache, no-store',
      'content-security-policy': `default-src 'none'; script-src 'nonce-${nonce}'; form-action ${origin}; base-uri 'none'; frame-ancestors 'none'`,
      'x-frame-options': 'DENY',
      // The address has the request in it; the application learns which host the form is from, as `Origin` says.
      'referrer-policy': 'strict-origin',
    },
  })
}
