#!/usr/bin/env node
// The command `cognomen`: checks what it runs on, then hands over to the server's main module.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `Cognomen needs Node.js 20.19 or newer; this is ${process.versions.node}. Get a newer one at https://nodejs.org\n`,
  )
  process.exit(1)
}

const { existsSync } = await import('node:fs')
const main = new URL('../dist/bundle/main.js', import.meta.url)

if (!existsSync(main)) {
  process.stderr.write('Cognomen is not built yet in this source checkout: run `npm start` there once.\n')
  process.exit(1)
}

await import(main.href)
