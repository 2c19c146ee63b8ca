// What is set for pushes and streams in the API's form. Pure.
import type { GetIdentityPoolConfigurationResponse } from '../../contract/cognito-sync.types.ts'
import type { SyncPoolSettings } from '../../datasets/sync-pool-settings.ts'

export const configurationOf = (
  IdentityPoolId: string,
  { PushSync, CognitoStreams }: SyncPoolSettings,
): GetIdentityPoolConfigurationResponse => ({
  IdentityPoolId,
  ...(PushSync && { PushSync }),
  ...(CognitoStreams && { CognitoStreams }),
})
