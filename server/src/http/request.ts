// A request of the AWS API as it came from the wire, nothing decoded: signatures cover the raw path, query and body.

export interface ApiRequest {
  readonly method: string
  /** As sent on the wire, without the query, and without a region at its beginning (request-region-rules.ts). */
  readonly rawPath: string
  /** The same with the region, which signatures cover; `rawPath` where it is left out. */
  readonly signedPath?: string | undefined
  /** The region that the address names. */
  readonly region?: string | undefined
  /** Without the question mark. */
  readonly rawQuery: string
  /** As sent, duplicates included, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array
  /** The client's address (client-address.ts). */
  readonly remoteAddress: string | undefined
}

export interface ApiResponse {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

/** The first value of a header; names compare without regard to case. */
export function headerOf(request: Pick<ApiRequest, 'headers'>, name: string): string | undefined {
  return request.headers.find(([key]) => key.toLowerCase() === name)?.[1]
}

/** The target of a request, cut at the question mark and undecoded. */
export function splitTarget(target: string): { rawPath: string; rawQuery: string } {
  const mark = target.indexOf('?')
  return mark < 0
    ? { rawPath: target, rawQuery: '' }
    : { rawPath: target.slice(0, mark), rawQuery: target.slice(mark + 1) }
}

/** node:http's `rawHeaders` as pairs. Its `headers` would join or drop duplicates. */
export function headerPairs(raw: readonly string[]): [name: string, value: string][] {
  const headers: [string, string][] = []
  for (let i = 0; i < raw.length; i += 2) headers.push([raw[i] as string, raw[i + 1] as string])
  return headers
}
