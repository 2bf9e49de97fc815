// From the graph of a decision to lines that can be read: first what it is because of, down to the events; then what followed.
import type { Why, WhyNode } from '@/api/types'

export interface WhyLine {
  node: WhyNode
  depth: number
}

const EFFECTS: readonly WhyNode['sort'][] = ['dispatch', 'quieting', 'person']

/** Each cause once, under what it is the cause of. */
export function causesOf(why: Why): WhyLine[] {
  const nodes = new Map(why.nodes.map((node) => [node.id, node]))
  const because = new Map<string, string[]>()
  for (const edge of why.edges) because.set(edge.node_id, [...(because.get(edge.node_id) ?? []), edge.because_of_id])
  const lines: WhyLine[] = []
  const seen = new Set([why.id])
  const walk = (id: string, depth: number): void => {
    for (const name of because.get(id) ?? []) {
      const node = nodes.get(name)
      if (!node || seen.has(name)) continue
      seen.add(name)
      lines.push({ node, depth })
      walk(name, depth + 1)
    }
  }
  walk(why.id, 0)
  return lines
}

/** Orders, what people did, and what kept it quiet, in the order in which it happened. */
export const effectsOf = (why: Why): WhyNode[] => why.nodes.filter((node) => EFFECTS.includes(node.sort) && node.id !== why.id)
