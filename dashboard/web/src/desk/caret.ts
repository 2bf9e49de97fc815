// A place that is said by line and column, as the place of a cursor in a text.

/** The offset of a line and a column, both counted from 1; the end of the text where it has no such place. Columns count characters. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n')
  if (line > lines.length) return text.length
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0)
  const here = [...(lines[line - 1] ?? '')].slice(0, Math.max(0, column - 1)).join('').length
  return before + here
}
