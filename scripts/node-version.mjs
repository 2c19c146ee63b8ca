// Imported first by every script: stops with a plain message where Node is too old for the rest to load.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `Cognomen needs Node.js 20.19 or newer; this is ${process.versions.node}. Get a newer one at https://nodejs.org\n`,
  )
  process.exit(1)
}
