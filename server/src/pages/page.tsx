// What all pages for people share: the frame of a page, its headers, and the choice between a page and JSON. No page has a
// script, so that the Content-Security-Policy can forbid all of them.
import type { Context as Request } from 'hono'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { pageStyle, pageStyleSource } from './page-style.ts'

const PAGE_POLICY = `default-src 'none'; style-src ${pageStyleSource}; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

export interface PageProps {
  title: string
  /** The page loads itself again after so many seconds. */
  refreshSeconds?: number | undefined
  children?: Child
}

/** A whole document. hono/jsx escapes everything in it but the stylesheet. */
export function Page({ title, refreshSeconds, children }: PageProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {refreshSeconds === undefined ? null : <meta http-equiv="refresh" content={String(refreshSeconds)} />}
        <title>{title}</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <style dangerouslySetInnerHTML={{ __html: pageStyle }} />
      </head>
      <body>
        <main>{children}</main>
      </body>
    </html>
  )
}

/** Answers with a page. No cache keeps it, and no other site may frame it or read it. */
export function sendPage(
  call: Request,
  page: unknown,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  setPageHeaders(call)
  return call.html(`<!doctype html>${page}`, status)
}

/** The headers of pages; `policy` is a Content-Security-Policy. */
export function setPageHeaders(call: Request, policy: string = PAGE_POLICY): void {
  call.header('cache-control', 'no-store')
  call.header('content-security-policy', policy)
  call.header('cross-origin-opener-policy', 'same-origin')
  call.header('cross-origin-resource-policy', 'same-origin')
  call.header('referrer-policy', 'no-referrer')
  call.header('x-content-type-options', 'nosniff')
}

/** Whether whoever asks prefers a page: browsers name HTML in Accept, programs do not. */
export const wantsPage = (accept: string | undefined): boolean => /\btext\/html\b/i.test(accept ?? '')

/** A refusal: for people a page with a title and the message, for programs `{"message": …}`. */
export function sendMessage(
  call: Request,
  status: ContentfulStatusCode,
  title: string,
  message: string,
): Response | Promise<Response> {
  call.header('vary', 'Accept')
  if (!wantsPage(call.req.header('accept'))) {
    setPageHeaders(call)
    return call.json({ message }, status)
  }
  const page = (
    <Page title={title}>
      <div class="empty">
        <h1>{title}</h1>
        <p>{message}</p>
        <p>
          <a href="/">To the start page</a>
        </p>
      </div>
    </Page>
  )
  return sendPage(call, page, status)
}

const MAX_PATH_SHOWN = 200

/** The answer to an address that leads to nothing. */
export const sendNotFound = (call: Request): Response | Promise<Response> =>
  sendMessage(
    call,
    404,
    'There is nothing here',
    `There is nothing at ${call.req.method} ${call.req.path.slice(0, MAX_PATH_SHOWN)}.`,
  )
