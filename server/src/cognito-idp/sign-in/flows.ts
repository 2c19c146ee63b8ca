// The table of authentication flows.
import type { AuthFlowType } from '../../contract/cognito-idp.types.ts'
import { customAuth } from './flows/custom-auth.ts'
import { refreshToken } from './flows/refresh-token.ts'
import { userAuth } from './flows/user-auth.ts'
import { userPassword } from './flows/user-password.ts'
import { userSrp } from './flows/user-srp.ts'
import type { Flow } from './sign-in.ts'

export const flows: Readonly<Record<AuthFlowType, Flow>> = {
  USER_SRP_AUTH: { allowedAs: 'USER_SRP_AUTH', door: 'both', begin: userSrp },
  USER_PASSWORD_AUTH: { allowedAs: 'USER_PASSWORD_AUTH', door: 'public', begin: userPassword },
  ADMIN_USER_PASSWORD_AUTH: { allowedAs: 'ADMIN_USER_PASSWORD_AUTH', door: 'admin', begin: userPassword },
  ADMIN_NO_SRP_AUTH: { allowedAs: 'ADMIN_USER_PASSWORD_AUTH', door: 'admin', begin: userPassword },
  USER_AUTH: { allowedAs: 'USER_AUTH', door: 'both', begin: userAuth },
  CUSTOM_AUTH: { allowedAs: 'CUSTOM_AUTH', door: 'both', begin: customAuth },
  REFRESH_TOKEN_AUTH: { allowedAs: 'REFRESH_TOKEN_AUTH', door: 'both', begin: refreshToken },
  REFRESH_TOKEN: { allowedAs: 'REFRESH_TOKEN_AUTH', door: 'both', begin: refreshToken },
}
