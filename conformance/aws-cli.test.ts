// The lines for the AWS CLI that the server prints at its start, and those of README, as they stand, with every AWS CLI
// that is installed: Debian's (2.9, which does not know AWS_ENDPOINT_URL), version 1, current ones.
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type StartedServer, startServer } from './start-server.ts'

const folders = new Set([...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin'])
const found = [...folders].map((folder) => join(folder, 'aws')).filter((file) => existsSync(file))
const programs = [...new Map(found.map((file) => [realpathSync(file), file])).values()]
const versions = programs.map((file) => {
  const [version = file] = execFileSync(file, ['--version'], { encoding: 'utf8' }).split(' ')
  return { file, version }
})
if (versions.length === 0) console.warn('No AWS CLI is installed (apt-get install -y awscli): its lines are not tried.')

let server: StartedServer
let folder: string
beforeAll(async () => {
  server = await startServer()
  folder = await mkdtemp(join(tmpdir(), 'cognomen-aws-cli-'))
  await symlink(server.dataDir, join(folder, 'data'))
})
afterAll(async () => {
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** What a shell prints that runs these lines with this CLI, and with no settings of its user. */
async function shell(file: string, lines: string): Promise<string> {
  const { stdout } = await promisify(execFile)('sh', ['-ec', lines], {
    cwd: folder,
    env: {
      PATH: [dirname(file), process.env['PATH']].join(delimiter),
      HOME: process.env['HOME'],
      AWS_CONFIG_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  })
  return stdout.trim()
}

describe.skipIf(versions.length === 0).each(versions)('$version', ({ file }) => {
  test('a first pool and its app, with the printed lines', async () => {
    const [, printed = ''] = server.output().split('A first pool with the AWS CLI:\n')
    const lines = /^\n((?: {4}.+\n){3})/.exec(printed)?.[1] ?? ''
    const list = 'list-user-pool-clients --user-pool-id $POOL --query UserPoolClients[].[ClientId,ClientName]'
    const said = await shell(file, `${lines}aws --endpoint-url $AWS_ENDPOINT_URL cognito-idp ${list} --output text`)
    expect(said).toMatch(/^([0-9a-z]{26})\n\1\tapp$/)
  }, 120_000)

  test('the lines of README', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    const block = /\*\*AWS CLI\*\*.*?```sh\n(.*?)```/s.exec(readme)?.[1] as string
    expect(block).toContain('http://127.0.0.1:9229')
    expect(await shell(file, block.replace('http://127.0.0.1:9229', server.url))).toContain('"UserPools"')
  }, 120_000)

  test('domains, resource servers, identity providers, and a client that names them, in the forms of the CLI', async () => {
    const [, printed = ''] = server.output().split('A first pool with the AWS CLI:\n')
    const exports = (/^\n((?: {4}.+\n){3})/.exec(printed)?.[1] ?? '').split('\n').filter((line) => /export/.test(line))
    const idp = 'aws --endpoint-url $AWS_ENDPOINT_URL cognito-idp'
    const prefix = `cli-${process.pid}-${versions.findIndex((version) => version.file === file)}`
    const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-0000-4000-8000-000000000000'
    const said = await shell(
      file,
      [
        ...exports,
        `POOL=$(${idp} create-user-pool --pool-name cli --query UserPool.Id --output text)`,
        `${idp} create-user-pool-domain --user-pool-id $POOL --domain ${prefix} > /dev/null`,
        `${idp} create-user-pool-domain --user-pool-id $POOL --domain ${prefix}.example.com --custom-domain-config CertificateArn=${certificate} > /dev/null`,
        `${idp} create-resource-server --user-pool-id $POOL --identifier api --name API --scopes ScopeName=read,ScopeDescription="To read" ScopeName=write,ScopeDescription="To write" > /dev/null`,
        `${idp} create-identity-provider --user-pool-id $POOL --provider-name Google --provider-type Google --provider-details client_id=id,client_secret=secret,authorize_scopes="openid email" --attribute-mapping email=email --idp-identifiers example.com > /dev/null`,
        `${idp} create-user-pool-client --user-pool-id $POOL --client-name app --allowed-o-auth-flows code --allowed-o-auth-flows-user-pool-client --allowed-o-auth-scopes openid api/read --callback-urls myapp://callback --supported-identity-providers COGNITO Google --query UserPoolClient.AllowedOAuthScopes --output text`,
        `${idp} describe-user-pool-domain --domain ${prefix} --query DomainDescription.Status --output text`,
        `${idp} describe-user-pool --user-pool-id $POOL --query UserPool.[Domain,CustomDomain] --output text`,
        `${idp} list-resource-servers --user-pool-id $POOL --query 'ResourceServers[].Scopes[].ScopeName' --output text`,
        `${idp} get-identity-provider-by-identifier --user-pool-id $POOL --idp-identifier example.com --query IdentityProvider.ProviderDetails.client_secret --output text`,
        `${idp} list-identity-providers --user-pool-id $POOL --query Providers[].ProviderName --output text`,
        `${idp} get-signing-certificate --user-pool-id $POOL --query Certificate --output text | cut -c 1-3`,
        `for name in ${prefix} ${prefix}.example.com; do ${idp} delete-user-pool-domain --user-pool-id $POOL --domain $name; done`,
        `${idp} delete-identity-provider --user-pool-id $POOL --provider-name Google`,
        `${idp} delete-resource-server --user-pool-id $POOL --identifier api`,
        `${idp} delete-user-pool --user-pool-id $POOL`,
      ].join('\n'),
    )
    expect(said.split('\n')).toEqual([
      'openid\tapi/read',
      'ACTIVE',
      `${prefix}\t${prefix}.example.com`,
      'read\twrite',
      'secret',
      'Google',
      'MII',
    ])
  }, 300_000)
})
