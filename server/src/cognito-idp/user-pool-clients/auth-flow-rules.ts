// ExplicitAuthFlows: which authentication flows a client allows. Pure. What the flows do is sign-in/flows/.
// docs/reference/user-pools.md 6.1.
import type { AuthFlowType, ExplicitAuthFlowsType } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import type { UserPoolClientSettings } from './client-store.ts'

/** Flows by their newer names; ADMIN_NO_SRP_AUTH and REFRESH_TOKEN are older names of two of them. */
export type AuthFlow = Exclude<AuthFlowType, 'ADMIN_NO_SRP_AUTH' | 'REFRESH_TOKEN'>

type FlowSettings = Pick<UserPoolClientSettings, 'ExplicitAuthFlows' | 'RefreshTokenRotation'>

/** The flows that a client without ExplicitAuthFlows allows. */
const ALLOWED_WITHOUT_LIST: readonly AuthFlow[] = ['REFRESH_TOKEN_AUTH', 'USER_SRP_AUTH', 'CUSTOM_AUTH']

/** True when `flow` may be used with the client. */
export function allowsFlow(client: FlowSettings, flow: AuthFlow): boolean {
  // A client with refresh token rotation refreshes with GetTokensFromRefreshToken only.
  if (flow === 'REFRESH_TOKEN_AUTH' && rotatesRefreshTokens(client)) return false
  return allowedFlows(client.ExplicitAuthFlows ?? []).includes(flow)
}

function allowedFlows(list: readonly ExplicitAuthFlowsType[]): readonly AuthFlow[] {
  if (list.length === 0) return ALLOWED_WITHOUT_LIST
  if (!list.some(isLegacy)) return list.map((value) => value.slice('ALLOW_'.length) as AuthFlow)
  // Older values add to the default, except that CUSTOM_AUTH_FLOW_ONLY removes SRP. Refreshing is always allowed, as
  // there is no older value for it.
  const always: readonly AuthFlow[] = list.includes('CUSTOM_AUTH_FLOW_ONLY')
    ? ['REFRESH_TOKEN_AUTH', 'CUSTOM_AUTH']
    : ALLOWED_WITHOUT_LIST
  return [...always, ...list.flatMap((value) => legacyFlows[value] ?? [])]
}

const legacyFlows: Readonly<Partial<Record<ExplicitAuthFlowsType, readonly AuthFlow[]>>> = {
  ADMIN_NO_SRP_AUTH: ['ADMIN_USER_PASSWORD_AUTH'],
  USER_PASSWORD_AUTH: ['USER_PASSWORD_AUTH'],
}

/** Whether an application may get a token for itself (GetClientToken). */
export const allowsClientTokens = ({ ExplicitAuthFlows = [] }: FlowSettings): boolean =>
  ExplicitAuthFlows.includes('ALLOW_CLIENT_TOKEN_AUTH')

const isLegacy = (value: ExplicitAuthFlowsType): boolean => !value.startsWith('ALLOW_')

const rotatesRefreshTokens = (client: Pick<UserPoolClientSettings, 'RefreshTokenRotation'>): boolean =>
  client.RefreshTokenRotation?.Feature === 'ENABLED'

/** Why ExplicitAuthFlows that contradict themselves, the rotation or the secret are refused; undefined when they are not. */
export function authFlowRefusal(client: FlowSettings, hasSecret: boolean): Refusal | undefined {
  const list = client.ExplicitAuthFlows ?? []
  if (list.some(isLegacy) && !list.every(isLegacy)) {
    return invalid("Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.")
  }
  if (rotatesRefreshTokens(client) && list.includes('ALLOW_REFRESH_TOKEN_AUTH')) {
    return invalid('ALLOW_REFRESH_TOKEN_AUTH can not be used when refresh token rotation is enabled.')
  }
  if (!allowsClientTokens(client)) return undefined
  if (new Set(list).size > 1) return invalid('ALLOW_CLIENT_TOKEN_AUTH can not be used with any other auth flow.')
  return hasSecret
    ? undefined
    : invalid('ALLOW_CLIENT_TOKEN_AUTH can not be used if client does not have a client secret.')
}
