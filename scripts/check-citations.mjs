// Checks that what comments and pages cite of docs/ is there: the page, and each section that is named behind it, as in
// `docs/reference/user-pools.md 3.3, 9.4`. Other ways to name a section are refused, so that one search finds them all.
//
//   node scripts/check-citations.mjs [ROOT]      prints each problem, exit 1 if there is one
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const read = /\.(?:[cm]?[jt]sx?|md|json|css|html|ya?ml)$/
const skipped =
  /^(?:package-lock\.json|contract\/models\/|bench\/results\/|server\/src\/contract\/|scripts\/check-citations)/

const number = String.raw`\d+(?:\.\d+)*`
const citation = new RegExp(
  String.raw`(docs\/(?:reference|behaviour|decisions)\/[\w-]+\.md)(?: +(${number}(?:(?:, +| +and +)${number})*))?`,
  'g',
)

/** What a citation must not look like. Spaces stand for line breaks, too. */
const refused = [
  /\b(?:user-pools|identity-pools|oauth) +reference\b/gi,
  /\breference +(?:user-pools|identity-pools|oauth)\b/gi,
  /(?<![\w/.-])(?:user-pools|identity-pools|threats?) +\d+(?:\.\d+)*/gi,
  /\bdesign, +(?:section|addresses)\b/gi,
  /\bshared\/(?:reference|design|aws-models)\b|(?<![\w.])\/work\//g,
]

/** A section without its page: refused, but within docs/reference, where it is one of the page itself. */
const alone = /(?<= )\((\d{1,2}\.\d{1,2})(?: +rules? +\d+)?\)/g
const ownSection = /(?:\bsection |\bsee |\((?=\d+\.\d+\)))(\d+(?:\.\d+)?)\b/g

/** Every problem below `root`, as lines of text. */
export function citationProblems(root) {
  const pages = new Map()
  const sectionsOfPage = (page) => {
    if (!pages.has(page)) pages.set(page, sectionsOf(join(root, page)))
    return pages.get(page)
  }
  return files(root).flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    const file = { path, text, flat: inOneLine(text) }
    return [...wrongCitations(file, sectionsOfPage), ...lonelySections(file, sectionsOfPage), ...otherForms(file)].map(
      ([index, what]) => `${path}:${text.slice(0, index).split('\n').length}: ${what}`,
    )
  })
}

function* wrongCitations({ path, text, flat }, sectionsOfPage) {
  for (const { index, 0: found, 1: page, 2: cited } of flat.matchAll(citation)) {
    const known = sectionsOfPage(page)
    if (!known) {
      yield [index, `there is no ${page}`]
      continue
    }
    if (text.slice(index, index + found.length).includes('\n')) yield [index, `cites ${page} over the end of a line`]
    if (!cited && page.startsWith('docs/reference/') && !path.endsWith('.md'))
      yield [index, `cites ${page} without a section`]
    for (const section of cited?.split(/, +| +and +/) ?? []) {
      if (!known.has(section)) yield [index, `${page} has no section ${section}`]
    }
  }
}

function* lonelySections({ path, flat }, sectionsOfPage) {
  const inReference = path.startsWith('docs/reference/')
  for (const { index, 0: found, 1: section } of flat.matchAll(inReference ? ownSection : alone)) {
    if (!inReference) yield [index, `"${found}" does not say of which page`]
    else if (!sectionsOfPage(path).has(section)) yield [index, `this page has no section ${section}`]
  }
}

function* otherForms({ flat }) {
  for (const form of refused) {
    for (const { index, 0: found } of flat.matchAll(form)) {
      yield [index, `"${found.replace(/ +/g, ' ')}" is cited as docs/reference/<page>.md <section>`]
    }
  }
}

/** The text with line breaks and comment markers replaced by spaces, so that offsets stay the same. */
function inOneLine(text) {
  return text.replace(/\r?\n[ \t]*(?:\/\/+|\*(?!\/))?/g, (all) => ' '.repeat(all.length))
}

/**
 * The numbers that a page gives: of headings (`### 3.3 Texts`), of points (`- 11.4 Errors`), of the items of a list, with
 * the number of their section in front (`3.3.1`), and of rows of tables (`| 31 | ...`). Undefined when there is no page.
 */
function sectionsOf(file) {
  if (!existsSync(file)) return undefined
  const found = new Set()
  let section = ''
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const heading = line.match(/^#+ (?:(\d+(?:\.\d+)*)\b)?/)
    const numbered = line.match(/^- (\d+(?:\.\d+)+) /)
    const item = line.match(/^(\d+)\. /) ?? line.match(/^\| (\d+) \|/)
    if (heading) section = heading[1] ?? ''
    if (heading?.[1]) found.add(section)
    if (numbered) found.add(numbered[1])
    if (item) found.add(section ? `${section}.${item[1]}` : item[1])
  }
  return found
}

function files(root) {
  const found = []
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (/^(?:\.|node_modules$|dist(?:\.|$))/.test(entry.name)) continue
      const path = join(folder, entry.name)
      const name = relative(root, path).split(sep).join('/')
      if (entry.isDirectory()) visit(path)
      else if (read.test(name) && !skipped.test(name)) found.push(name)
    }
  }
  visit(root)
  return found.sort()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = citationProblems(resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)))))
  for (const line of problems) process.stdout.write(`${line}\n`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
