// Where a request came from, for condition keys such as aws:SourceIp.
import { type ApiRequest, headerOf } from '../http/request.ts'

export interface RequestFacts {
  readonly sourceIp: string | undefined
  readonly userAgent: string | undefined
  readonly referer: string | undefined
}

export const requestFacts = (request: Pick<ApiRequest, 'headers' | 'remoteAddress'>): RequestFacts => ({
  sourceIp: request.remoteAddress,
  userAgent: headerOf(request, 'user-agent'),
  referer: headerOf(request, 'referer'),
})
