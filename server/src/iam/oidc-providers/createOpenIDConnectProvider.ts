import { entityArn } from '../arn-rules.ts'
import { createEntity } from '../entity-changes.ts'
import { quotaExceededError } from '../iam-errors.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { newTags } from '../tags.ts'
import { checkThumbprints } from './check-thumbprints.ts'
import { distinct, issuerOf } from './oidc-provider-rules.ts'

/** Host and path of the URL are its name. Nothing is fetched before a token has to be verified. */
export const createOpenIDConnectProvider = operation(
  'CreateOpenIDConnectProvider',
  async (context, { input: { Url, ClientIDList = [], ThumbprintList = [], Tags }, fail }) => {
    const url = issuerOf(Url)
    if (url === undefined) throw fail('ValidationError', 'Invalid Open ID Connect Provider URL')
    checkThumbprints(ThumbprintList)
    const clientIds = distinct(ClientIDList)
    if (clientIds.length > limits.clientIdsPerProvider.max) throw quotaExceededError(limits.clientIdsPerProvider)
    const provider = await createEntity(context, {
      kind: 'oidc-provider',
      name: url,
      settings: { url, clientIds, thumbprints: distinct(ThumbprintList), tags: newTags(Tags) },
      takenError: () => fail('EntityAlreadyExistsException', `Provider with url ${Url} already exists.`),
    })
    return { OpenIDConnectProviderArn: entityArn(context.config.accountId, provider), ...(Tags && { Tags }) }
  },
)
