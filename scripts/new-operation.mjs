// Starts an operation: its file, its test, and its line in the table.
//
//   npm run new-operation -- GetDevice devices
//
// The name must be in the contract of user pools; the folder is its family below server/src/cognito-idp.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, setUp } from './set-up.mjs'

const [name, family] = process.argv.slice(2)
const stop = (message) => {
  console.error(message)
  process.exit(1)
}
if (!name || !/^[a-z]+(-[a-z]+)*$/.test(family ?? ''))
  stop('Usage: npm run new-operation -- <OperationName> <family-folder>, such as: GetDevice devices')

await setUp({ dev: true, build: true })
const { cognitoIdpModel } = await import(join(root, 'server/dist/contract/cognito-idp.model.js'))
if (!Object.hasOwn(cognitoIdpModel.operations, name))
  stop(`The contract has no operation ${name}; names are those of the API reference, such as GetDevice.`)
const { caller, errors } = cognitoIdpModel.operations[name]

const variable = name.charAt(0).toLowerCase() + name.slice(1)
const folder = join(root, 'server/src/cognito-idp', family)
const file = join(folder, `${variable}.ts`)
if (existsSync(file)) stop(`${file} exists already.`)
mkdirSync(folder, { recursive: true })

writeFileSync(
  file,
  `import { operation } from '../operation.ts'

/** ${name}: (one sentence, and the section of the reference). */
export const ${variable} = operation('${name}', async (_context, { fail }) => {
  // It may raise: ${errors.join(', ')}.
  throw fail('InternalErrorException', '${name} is being written.')
})
`,
)
writeFileSync(
  join(folder, `${variable}.test.ts`),
  `import { ${name}Command } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { makePool, useTestServer } from '../../../test/harness.ts'

describe('${name}', () => {
  const server = useTestServer()

  it('answers', async () => {
    const { Id: UserPoolId } = await makePool(server)
    const answer = await server.${caller === 'signed' ? 'admin' : 'app'}.send(new ${name}Command({ UserPoolId } as never))
    expect(answer).toMatchObject({})
  })
})
`,
)
const tableFile = join(root, 'server/src/cognito-idp/table.ts')
const table = readFileSync(tableFile, 'utf8')
writeFileSync(
  tableFile,
  table
    .replace(/\n\nexport const/, `\nimport { ${variable} } from './${family}/${variable}.ts'\n\nexport const`)
    .replace(/\n\]\n/, `\n  ${variable},\n]\n`),
)
console.log(`Made server/src/cognito-idp/${family}/${variable}.ts and its test, and added it to the table.
Next: write the test, then the operation; npm run format; npm test -- ${variable}; node scripts/docs.mjs`)
