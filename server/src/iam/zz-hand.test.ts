import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { CreateAccessKeyCommand } from '@aws-sdk/client-iam'
import { it } from 'vitest'
import { iamClient } from '../../test/aws-clients.ts'
import { startTestServer } from '../../test/harness.ts'
import { metadata } from '../../test/saml-provider.ts'

it('terraform', { timeout: 580_000 }, async () => {
  const server = await startTestServer()
  const cwd = '/tmp/iamb-tf'
  const out: string[] = []
  const run = async (...args: string[]) => {
    try {
      const { stdout, stderr } = await promisify(execFile)('terraform', args, { cwd, maxBuffer: 1e8 })
      out.push(`$ terraform ${args.join(' ')}\n${(stdout + stderr).slice(-1500)}`)
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
      out.push(`$ terraform ${args.join(' ')}\nEXIT ${code} ${stdout.slice(-3000)} ${stderr.slice(-3000)}`)
    }
    writeFileSync('/tmp/brief/iam-b-tf.txt', out.join('\n'))
  }
  const main = (name: string, clients: string) =>
    writeFileSync(
      `${cwd}/main.tf`,
      readFileSync(`${cwd}/main.tf.tpl`, 'utf8')
        .replaceAll('@URL@', server.url)
        .replace('@KEY@', server.credentials.accessKeyId)
        .replace('@SECRET@', server.credentials.secretAccessKey)
        .replace('@NAME@', name)
        .replace('@CLIENTS@', clients),
    )
  try {
    writeFileSync(`${cwd}/metadata.xml`, metadata())
    main('ada', '["a", "b"]')
    await run('init', '-no-color', '-plugin-dir=/opt/tf-plugins')
    await run('apply', '-no-color', '-auto-approve')
    await run('plan', '-no-color', '-detailed-exitcode')
    main('lovelace', '["b", "c"]')
    await run('apply', '-no-color', '-auto-approve')
    await run('plan', '-no-color', '-detailed-exitcode')
    // A key that terraform does not know of: force_destroy has to find it.
    await iamClient(server).send(new CreateAccessKeyCommand({ UserName: 'lovelace' }))
    await run('destroy', '-no-color', '-auto-approve')
  } finally {
    await server.stop()
  }
})
