// Identity providers of user pools (docs/reference/oauth-and-federation.md 19, 22.1).
import { type Step, stepsOf } from './steps.ts'

const { table, tableOfKeys, index } = stepsOf('0014')

export const identityProviders: readonly Step[] = [
  table(
    'identity_providers',
    'provider_name key_text not null, user_pool_id key_text not null, provider_type text not null, settings text not null, secrets_sealed text not null, document text not null, created_at bigint not null, updated_at bigint not null, version bigint not null, primary key (provider_name, user_pool_id)',
  ),
  index('identity_providers_by_pool', 'identity_providers (user_pool_id, provider_name)'),
  tableOfKeys(
    'identity_provider_identifiers',
    'identifier key_text not null, user_pool_id key_text not null, provider_name key_text not null, primary key (identifier, user_pool_id)',
  ),
  table(
    'saml_signing_keys',
    'user_pool_id key_text not null, private_sealed text not null, certificate text not null, certified_at bigint not null, primary key (user_pool_id)',
  ),
]
