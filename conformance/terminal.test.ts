// The log of a started server, in a terminal and out of one. `script` of util-linux makes the terminal.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const program = fileURLToPath(new URL('../server/bin/cognomen.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'cognomen-terminal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a server writes that answers one call, up to its end. */
async function written(command: string, args: string[], env: Record<string, string>): Promise<string> {
  const PATH = process.env['PATH'] ?? ''
  const child = spawn(command, args, {
    env: { PATH, PORT: '0', DATA_DIR: folder, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let text = ''
  const ended = new Promise((resolve) => child.on('close', resolve))
  const logged = new Promise<void>((resolve) => {
    let called = false
    child.stdout.on('data', (bytes) => {
      text += bytes
      const url = / is ready at (http:\S+)\r?\n/.exec(text)?.[1]
      if (url !== undefined && !called) {
        called = true
        const headers = {
          'x-amz-target': 'AWSCognitoIdentityProviderService.SignUp',
          'content-type': 'application/x-amz-json-1.1',
        }
        fetch(url, { method: 'POST', headers, body: '{}' })
      }
      if (/SignUp[^\n]*\n/.test(text)) resolve()
    })
  })
  await Promise.race([logged, ended])
  // In a terminal Ctrl-C, which `script` hands on where it hands no signal on.
  if (command === process.execPath) child.kill('SIGTERM')
  else child.stdin.write('\u0003')
  await ended
  return text
}

const shell = ['-qefc', `${process.execPath} ${program}`, '/dev/null']
const LINE = /^\d\d:\d\d:\d\d info {2}request .*operation=SignUp outcome=InvalidParameterException/m
const JSON_LINE = /^\{"level":30,.*"operation":"SignUp",.*\}\r?$/m

test('is JSON where it is piped', async () => {
  const text = await written(process.execPath, [program], {})
  expect(text).toMatch(JSON_LINE)
  expect(text).not.toMatch(LINE)
})

test.skipIf(!existsSync('/usr/bin/script'))('is readable in a terminal', async () => {
  const text = await written('/usr/bin/script', shell, {})
  expect(text).toMatch(LINE)
  expect(text).not.toMatch(JSON_LINE)
})

test.skipIf(!existsSync('/usr/bin/script'))('is JSON in a terminal in production', async () => {
  const text = await written('/usr/bin/script', shell, { NODE_ENV: 'production' })
  expect(text).toMatch(JSON_LINE)
})
