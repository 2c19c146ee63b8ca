// Dynamic client registration of a user pool. Pure. docs/reference/oauth-and-federation.md 12.
import type { DcrConfigurationType } from '../../contract/cognito-idp.types.ts'
import type { UserPoolSettings } from './pool-settings.ts'

/** The pool's configuration where applications may register themselves; undefined where they may not. */
export const registrationOf = ({ DcrConfiguration }: UserPoolSettings): DcrConfigurationType | undefined =>
  DcrConfiguration?.EnableStatus === 'Enabled' ? DcrConfiguration : undefined
