// Where a request comes from, as a session shows it: the user's address and program.
import type { ContextDataType, UserContextDataType } from '../../contract/cognito-idp.types.ts'
import { plainAddress } from '../../http/client-address.ts'

export interface RequestSource {
  readonly address: string | undefined
  /** The header User-Agent. */
  readonly userAgent: string | undefined
  /** The fingerprint that the client sends of its device: a hint, as anybody may write it. */
  readonly encodedData?: string | undefined
}

interface Request {
  readonly remoteAddress: string | undefined
  readonly userAgent: string | undefined
}

export const requestSource = (
  { remoteAddress, userAgent }: Request,
  userContext?: Pick<UserContextDataType, 'EncodedData'>,
): RequestSource => ({
  address: remoteAddress,
  userAgent,
  encodedData: userContext?.EncodedData,
})

/**
 * The source of an Admin operation: that of its ContextData, as the request itself comes from the application's server.
 * Without ContextData, that server.
 */
export function adminRequestSource(request: Request, contextData: ContextDataType | undefined): RequestSource {
  if (!contextData) return requestSource(request)
  const header = contextData.HttpHeaders.find(({ headerName }) => headerName?.toLowerCase() === 'user-agent')
  return {
    address: plainAddress(contextData.IpAddress),
    userAgent: header?.headerValue,
    encodedData: contextData.EncodedData,
  }
}
