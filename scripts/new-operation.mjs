// Starts an operation: its file, its test, and its line in the table.
//
//   npm run new-operation -- GetDevice devices                       of user pools
//   npm run new-operation -- ListDatasets datasets cognito-sync      of another service
//
// The name must be in the contract of the service; the folder is its family below server/src/<service>.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, setUp } from './set-up.mjs'

const [name, family, service = 'cognito-idp'] = process.argv.slice(2)
const stop = (message) => {
  console.error(message)
  process.exit(1)
}
if (!name || !/^[a-z]+(-[a-z]+)*$/.test(family ?? ''))
  stop('Usage: npm run new-operation -- <OperationName> <family-folder> [service], such as: GetDevice devices')

await setUp({ dev: true, build: true })
/** The SDK's client and how tests come by a signed and an unsigned one. */
const clients = {
  'cognito-idp': { package: 'client-cognito-identity-provider', signed: 'server.admin', public: 'server.app' },
  'cognito-identity': { package: 'client-cognito-identity', make: 'identityClient' },
  'cognito-sync': { package: 'client-cognito-sync', make: 'syncClient' },
  sts: { package: 'client-sts', make: 'stsClient' },
  iam: { package: 'client-iam', make: 'iamClient' },
}
const client = clients[service]
if (!client) stop(`There is no service ${service}; there are ${Object.keys(clients).join(', ')}.`)
const camelCase = service.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())
const { [`${camelCase}Model`]: model } = await import(join(root, `server/dist/contract/${service}.model.js`))
if (!Object.hasOwn(model.operations, name))
  stop(`The contract of ${service} has no operation ${name}; names are those of the API reference, such as GetDevice.`)
const { caller, errors } = model.operations[name]

const variable = name.charAt(0).toLowerCase() + name.slice(1)
const folder = join(root, 'server/src', service, family)
const file = join(folder, `${variable}.ts`)
if (existsSync(file)) stop(`${file} exists already.`)
mkdirSync(folder, { recursive: true })

writeFileSync(
  file,
  `import { operation } from '../operation.ts'

/** ${name}: (one sentence, and the section of docs/reference). */
export const ${variable} = operation('${name}', async (_context, { fail }) => {
  // It may raise: ${errors.join(', ')}.
  throw fail('InternalErrorException', '${name} is being written.')
})
`,
)
const sender = client.make
  ? `${client.make}(server${caller === 'signed' ? '' : ", 'nobody'"})`
  : caller === 'signed'
    ? client.signed
    : client.public
writeFileSync(
  join(folder, `${variable}.test.ts`),
  `import { ${name}Command } from '@aws-sdk/${client.package}'
import { describe, expect, it } from 'vitest'
${client.make ? `import { ${client.make} } from '../../../test/aws-clients.ts'\n` : ''}import { useTestServer } from '../../../test/harness.ts'

describe('${name}', () => {
  const server = useTestServer()

  it('answers', async () => {
    const answer = await ${sender}.send(new ${name}Command({} as never))
    expect(answer).toMatchObject({})
  })
})
`,
)
const tableFile = join(root, 'server/src', service, 'table.ts')
const table = readFileSync(tableFile, 'utf8')
writeFileSync(
  tableFile,
  table
    .replace(/\n\nexport const/, `\nimport { ${variable} } from './${family}/${variable}.ts'\n\nexport const`)
    .replace(/\n\]\n/, `\n  ${variable},\n]\n`),
)
console.log(`Made server/src/${service}/${family}/${variable}.ts and its test, and added it to the table.
Next: write the test, then the operation; npm run format; npm test -- ${variable}; node scripts/docs.mjs`)
