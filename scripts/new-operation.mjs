// Starts an operation: its file, its test, and its line in the service's list.
//
//   npm run new-operation -- DescribeUserPoolReplica replicas        of user pools
//   npm run new-operation -- ListDatasets datasets cognito-sync      of another service
//
// The name must be in the contract of the service; the folder is its family below server/src/<service>. The first operation
// of a service gets the service's operation.ts as well. All errors are reported before any file is written.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { corrected } from '../contract/corrections.mjs'
import { withOwnOperations } from '../contract/own-operations.mjs'
import { serviceModel } from '../contract/service-model.mjs'
import { root, setUp } from './set-up.mjs'

/** The SDK's client of a service, and how tests come by a signed and an unsigned one (server/test). */
const clients = {
  'cognito-idp': { package: 'client-cognito-identity-provider', signed: 'server.admin', public: 'server.app' },
  'cognito-identity': { package: 'client-cognito-identity', make: 'identityClient' },
  'cognito-sync': { package: 'client-cognito-sync', make: 'syncClient' },
  sts: { package: 'client-sts', make: 'stsClient' },
  iam: { package: 'client-iam', make: 'iamClient' },
}

const source = join(root, 'server/src')
const [name, family, service = 'cognito-idp'] = process.argv.slice(2)
if (!/^[A-Z]\w*$/.test(name ?? '') || !/^[a-z]+(-[a-z]+)*$/.test(family ?? ''))
  stop(
    'Usage: npm run new-operation -- <OperationName> <family-folder> [service], such as: DescribeUserPoolReplica replicas',
  )
const services = readdirSync(source).filter((folder) => existsSync(join(source, folder, 'service.ts')))
if (!services.includes(service)) stop(`There is no service ${service}; there are ${services.join(', ')}.`)
const client = clients[service]
if (!client) stop(`Say in scripts/new-operation.mjs which SDK client calls ${service}.`)
const model = serviceModel(
  service,
  withOwnOperations(
    service,
    corrected(service, JSON.parse(readFileSync(join(root, `contract/models/${service}.json`), 'utf8'))),
  ),
)
if (!Object.hasOwn(model.operations, name))
  stop(
    `The contract of ${service} has no operation ${name}; names are those of the API reference, such as ListUserPoolReplicas; contract/README.md says how it gets new ones.`,
  )

const variable = name.charAt(0).toLowerCase() + name.slice(1)
const list = join(source, service, 'operations.ts')
const listText = readFileSync(list, 'utf8')
const listed = new RegExp(`import \\{ ${variable} \\} from '\\./(.+)'`).exec(listText)?.[1]
const paths = {
  operation: join(source, service, family, `${variable}.ts`),
  test: join(source, service, family, `${variable}.test.ts`),
  declaration: join(source, service, 'operation.ts'),
}
const made = [listed && join(source, service, listed), paths.operation, paths.test].find(
  (path) => path && existsSync(path),
)
if (made) stop(`${made} exists already.`)

await setUp({ dev: true, build: false })
const { caller, errors } = model.operations[name]
const texts = {
  [paths.operation]: `import { operation } from '../operation.ts'

/** ${name}: (one sentence, and the section of docs/reference). It declares ${errors.join(', ') || 'no errors'}. */
export const ${variable} = operation('${name}', async () => {
  throw new Error('${name} is being written.')
})
`,
  [paths.test]: testText(),
  [list]: listText
    .replace(/(?<=\n)(?=\nexport const)/, `import { ${variable} } from './${family}/${variable}.ts'\n`)
    .replace(
      /(?<=\[)([^[\]]*?),?\s*\]\n$/,
      (_, before) => `${before.trim() === '' ? '' : `${before},`}\n  ${variable},\n]\n`,
    ),
  ...(!existsSync(paths.declaration) && { [paths.declaration]: declarationText() }),
}
mkdirSync(join(source, service, family), { recursive: true })
for (const [path, text] of Object.entries(texts)) writeFileSync(path, text)
// Sorts the imports, which nobody should have to do by hand.
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
const { status, stdout, stderr } = spawnSync(process.execPath, [biome, 'check', '--write', ...Object.keys(texts)], {
  cwd: root,
  encoding: 'utf8',
})
if (status !== 0) stop(`${stdout}${stderr}`)
console.log(`Made server/src/${service}/${family}/${variable}.ts and its test, and added it to the service's operations.ts.
Next: write the test, then the operation; npm run format; npm test -- ${variable}; node scripts/docs.mjs`)

function stop(message) {
  console.error(message)
  process.exit(1)
}

function testText() {
  const signed = caller === 'signed'
  const sender = client.make
    ? `${client.make}(server${signed ? '' : ", 'nobody'"})`
    : signed
      ? client.signed
      : client.public
  return `import { ${name}Command } from '@aws-sdk/${client.package}'
import { describe, expect, it } from 'vitest'
${client.make ? `import { ${client.make} } from '../../../test/aws-clients.ts'\n` : ''}import { useTestServer } from '../../../test/harness.ts'

describe('${name}', () => {
  const server = useTestServer()

  it('answers', async () => {
    const answer = await ${sender}.send(new ${name}Command({} as never))
    expect(answer).toMatchObject({})
  })
})
`
}

/** The service's operation.ts, which gives its operations their types. */
function declarationText() {
  const camelCase = service.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase())
  const operations = `${camelCase}Operations`
  return `// Operations of ${service}.
import type { Context } from '../context.ts'
import type { ${operations} } from '../contract/${service}.types.ts'
import type { BaseRequest } from '../operation.ts'

export type OperationName = keyof ${operations} & string
export type OperationRequest<Name extends OperationName> = BaseRequest<${operations}[Name]>

export interface Operation<Name extends OperationName = OperationName> {
  readonly name: Name
  readonly run: (context: Context, request: OperationRequest<Name>) => Promise<${operations}[Name]['output']>
}

/** Declares an operation of ${service}. */
export function operation<Name extends OperationName>(name: Name, run: Operation<Name>['run']): Operation<Name> {
  return { name, run }
}
`
}
