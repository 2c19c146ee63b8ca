// Makes docs/compatibility.md from the services' contracts, operations and differences (server/src/service.ts).

/**
 * The page. `operations`: for each service, those that are implemented. Throws when a service tells of differences in what is
 * not implemented.
 */
export function compatibilityPage(services, operations) {
  const sections = services.map(({ title, model, differences = {} }, at) => {
    const written = new Set(operations[at].map(({ name }) => name))
    const unknown = Object.keys(differences).filter((name) => !written.has(name))
    if (unknown.length > 0)
      throw new Error(`${model.service} tells of differences in what is not implemented: ${unknown.join(', ')}`)
    const all = Object.keys(model.operations).sort()
    const isOwn = (name) => model.operations[name].own === true
    const names = all.filter((name) => !isOwn(name))
    const rowOf = (name) => {
      if (!written.has(name)) return `| ${name} | not yet | |`
      const { missing, differs } = Object.hasOwn(differences, name) ? differences[name] : {}
      const notes = [missing, differs].filter((note) => note !== undefined).join(' ')
      return `| ${name} | ${missing === undefined ? 'done' : 'partly'} |${notes && ` ${notes}`} |`
    }
    const table = (rows) => `| Operation | State | Notes |\n|---|---|---|\n${rows.map(rowOf).join('\n')}\n`
    const partly = names.filter((name) => differences[name]?.missing !== undefined).length
    const done = names.filter((name) => written.has(name)).length - partly
    const own = all.filter(isOwn)
    return [
      `## ${title}: ${done} done, ${partly} partly, of ${names.length}\n\n${table(names)}`,
      ...(own.length > 0 ? [`### Operations of our own, which AWS does not have\n\n${table(own)}`] : []),
    ].join('\n')
  })
  return `# Compatibility

**done**: nothing about the operation is missing, as far as the service's behaviour is known; a note says what is done in
another way. **partly**: it works, and what is named does not. **not yet**: it answers \`NotImplementedException\` and names itself.

${sections.join('\n')}`
}
