/** What controls take out of the source (tests/kit/weakened) still stands there, once: one that moved would only be missed in a full run. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'rolldown/utils'
import { expect, test } from 'vitest'
import { load, projectFiles, read, root, type Source } from './kit/files'

interface Node {
  type: string
  start: number
  [more: string]: unknown
}

function* nodesOf(node: unknown): Generator<Node> {
  if (node === null || typeof node !== 'object') return
  if (!Array.isArray(node) && 'type' in node) yield node as Node
  for (const each of Object.values(node)) yield* nodesOf(each)
}

/** Words written there, or put together from words that were named before; null: known only when it runs. */
function wordsOf(node: Node | undefined, named: Named): string | null {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : null
  if (node?.type === 'Identifier') {
    const last = named.findLast(({ name, at }) => name === node.name && at < node.start)
    return last ? wordsOf(last.value, named) : null
  }
  if (node?.type !== 'TemplateLiteral') return null
  const between = (node.expressions as Node[]).map((one) => wordsOf(one, named))
  if (between.includes(null)) return null
  const texts = (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked)
  return texts.map((words, at) => words + (between[at] ?? '')).join('')
}

type Named = { name: string; at: number; value: Node }[]

function namedIn(nodes: readonly Node[]): Named {
  return nodes.flatMap(({ type, id, init }) => {
    if (type !== 'VariableDeclarator' || !init) return []
    const [left, right] = [id as Node, init as Node]
    if (left.type === 'Identifier') return [{ name: String(left.name), at: left.start, value: right }]
    if (left.type !== 'ArrayPattern' || right.type !== 'ArrayExpression') return []
    const values = right.elements as Node[]
    return (left.elements as (Node | null)[]).flatMap((one, at) =>
      one?.type === 'Identifier' && values[at] ? [{ name: String(one.name), at: one.start, value: values[at] }] : [],
    )
  })
}

/** Changes by their shape: file, from and to. */
function changesIn({ path, text }: Source): { file: string | null; from: string | null }[] {
  const nodes = [...nodesOf(parseSync(path, text).program)]
  const named = namedIn(nodes)
  return nodes.flatMap(({ type, properties }) => {
    if (type !== 'ObjectExpression') return []
    const of = (key: string) =>
      (properties as Node[]).find((one) => (one.key as Node | undefined)?.name === key)?.value as Node | undefined
    return of('file') && of('from') && of('to')
      ? [{ file: wordsOf(of('file'), named), from: wordsOf(of('from'), named) }]
      : []
  })
}

/** One sentence for each that would change nothing, or who knows what. */
const faults = (source: Source): string[] =>
  changesIn(source).flatMap(({ file, from }) => {
    if (file === null || from === null) return [`${source.path}: a change that cannot be read here`]
    const times = existsSync(join(root, file)) ? read(file).split(from).length - 1 : 0
    return times === 1 ? [] : [`${source.path}: ${file} has "${from}" ${times} times`]
  })

test('what a control takes out of a file stands there once', () => {
  const weakening = load(projectFiles().filter((path) => /^tests\/(?!rules\/).*\.ts$/.test(path))).filter(({ text }) =>
    text.includes("/kit/weakened'"),
  )
  expect(weakening.length).toBeGreaterThan(5)
  // Each gives some: a shape that is not known here would be passed over.
  expect(weakening.filter((source) => !changesIn(source).length).map(({ path }) => path)).toEqual([])
  expect(weakening.flatMap(faults)).toEqual([])
})

test('one that is gone, stands twice or cannot be read is found', () => {
  const file = 'models/bundle/put.ts'
  const planted = (from: string) =>
    `const [n, file] = [1, '${file}']\nconst place = 'place'\nawait weaken('x', { file, from: ${from}, to: '' })\n`
  const found = (from: string) => faults({ path: 'tests/hard/planted.test.ts', text: planted(from) })
  expect(found('`renameSync(draft, ${place})`')).toEqual([])
  expect(found("'else await rename(draft, place)'").join()).toContain('0 times')
  expect(found('`renameSync(`').join()).toContain('2 times')
  expect(found('wordsOf(place)').join()).toContain('cannot be read')
})
