import { removeEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'

/** Roles that trust it stay as they are; nobody gets into them through it any more. A second deletion is refused. */
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
