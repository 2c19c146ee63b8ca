import { removeEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'

/** Roles that trust it are not changed, but cannot be assumed through it any more. An unknown provider is refused. */
export const deleteOpenIDConnectProvider = operation(
  'DeleteOpenIDConnectProvider',
  async (context, { input, fail }) => {
    const arn = input.OpenIDConnectProviderArn
    await removeEntity(context, {
      ...providerByArn(context, 'oidc-provider', arn),
      notFoundError: () => fail('NoSuchEntityException', `OpenId connect Provider ${arn} cannot be found.`),
    })
  },
)
