// What a request shows of where it came from, for conditions such as aws:SourceIp.
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
