// A horizontal bar chart as SVG text.

const COLOURS = ['#3b6ea5', '#d98a29', '#5a9a5a', '#8a5a9a']
const WIDTH = 760
const LABELS = 190
const RIGHT = 70
const BAR = 13
const GAP = 14

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')

/** `series` hold a value for each label; `mark` is a line at a value. */
export function barChart({ title, labels, series, unit, mark }) {
  const most = Math.max(mark?.value ?? 0, ...series.flatMap(({ values }) => values)) || 1
  const x = (value) => LABELS + ((WIDTH - LABELS - RIGHT) * value) / most
  const top = 44 + series.length * 18
  const groupHeight = series.length * BAR + GAP
  const height = top + labels.length * groupHeight + 26
  const text = (at, y, content, more = '') => `<text x="${at}" y="${y}"${more}>${escaped(content)}</text>`
  const parts = [text(10, 22, title, ' font-weight="bold"')]
  series.forEach(({ name }, s) => {
    parts.push(`<rect x="10" y="${34 + s * 18}" width="12" height="12" fill="${COLOURS[s % COLOURS.length]}"/>`)
    parts.push(text(28, 44 + s * 18, name))
  })
  labels.forEach((label, l) => {
    const y = top + l * groupHeight
    parts.push(text(LABELS - 8, y + (series.length * BAR) / 2 + 4, label, ' text-anchor="end"'))
    series.forEach(({ values }, s) => {
      const barY = y + s * BAR
      const width = Math.max(0, x(values[l]) - LABELS)
      parts.push(
        `<rect x="${LABELS}" y="${barY}" width="${width.toFixed(1)}" height="${BAR - 2}" fill="${COLOURS[s % COLOURS.length]}"/>`,
      )
      parts.push(text((LABELS + width + 4).toFixed(1), barY + 9, `${shown(values[l])} ${unit}`, ' font-size="10"'))
    })
  })
  if (mark) {
    const at = x(mark.value).toFixed(1)
    parts.push(`<line x1="${at}" x2="${at}" y1="${top - 4}" y2="${height - 22}" stroke="#a33" stroke-dasharray="4 3"/>`)
    parts.push(text(at, height - 8, `${mark.value} ${unit}: ${mark.text}`, ' text-anchor="end" fill="#a33"'))
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12" role="img" aria-labelledby="title">
<title id="title">${escaped(title)}</title>
<rect width="100%" height="100%" fill="#fff"/>
${parts.join('\n')}
</svg>
`
}

const shown = (value) => (value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2))
