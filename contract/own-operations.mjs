// Operations that Cognomen has and AWS does not: own/<service>.json, in the form of the stored models. They may name
// shapes and errors of AWS's model, and are marked as `own`, so that nobody counts them among AWS's.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mapValues } from './aws-model.mjs'

const folder = join(dirname(fileURLToPath(import.meta.url)), 'own')

/** A service's model with the service's own operations. Throws when AWS has an operation or a shape of the same name. */
export function withOwnOperations(service, aws) {
  const path = join(folder, `${service}.json`)
  if (!existsSync(path)) return aws
  const own = JSON.parse(readFileSync(path, 'utf8'))
  for (const part of ['operations', 'shapes'])
    for (const name of Object.keys(own[part]))
      if (Object.hasOwn(aws[part], name))
        throw new Error(`contract/own/${service}.json adds ${name}, which is in AWS's model by now`)
  return {
    ...aws,
    operations: { ...aws.operations, ...mapValues(own.operations, (operation) => ({ ...operation, own: true })) },
    shapes: { ...aws.shapes, ...own.shapes },
  }
}
