// Responses whose text is kept as it is: a Response of the web keeps it in a stream, which takes as long to read again as a
// small answer takes to make.

const texts = new WeakMap<Response, string>()

/** A response with this text, which `textOf` has; its `body` is null. */
export function textResponse(text: string, init: ResponseInit): Response {
  const response = new Response(null, init)
  texts.set(response, text)
  return response
}

/** The text of a response, whoever made it. */
export const textOf = (response: Response): string | Promise<string> =>
  texts.get(response) ?? (response.body === null ? '' : response.text())
