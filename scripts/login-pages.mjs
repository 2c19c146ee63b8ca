// `node scripts/login-pages.mjs [folder]`: makes a screenshot of every login page, light and dark, at 390 and 1280 pixels, and in
// German and Arabic; also sizes.json, the bytes of each page. Without a folder: login-pages/ in the temporary folder.
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import './node-version.mjs'
import { runTests } from './run-tests.mjs'

const folder = resolve(process.argv[2] ?? join(tmpdir(), 'login-pages'))
process.env.LOGIN_PAGES_FOLDER = folder
process.exitCode = await runTests(['login-pages-looks'])
process.stdout.write(`The screenshots are in ${folder}\n`)
