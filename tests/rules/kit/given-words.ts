/** Which words the browser's parts of each page ask for, and which the page and the layouts around it give them. */
import { dirname } from 'node:path'
import { parseSync } from 'rolldown/utils'
import type { Source } from './files'
import { importGraph } from './imports'

const isRoot = /^app\/(.*\/)?(page|layout|error|not-found|loading)\.tsx$/
const isClient = (text: string) => /^(\/\*\*[\s\S]*?\*\/\s*)?'use client'/.test(text)
const namesIn = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '')
const asked = (text: string) => namesIn(text, /\buseTranslations\(\s*'([\w-]+)/g)
const given = (text: string) =>
  namesIn(text, /<Words names=\{\[([^\]]*)\]\}/g).flatMap((list) => namesIn(list, /'([\w-]+)'/g))

interface Module {
  client: boolean
  /** What stands at the top of the file, by name: a module that shares one function asks for that one's words only. */
  pieces: Map<string, string>
  imports: Map<string, { to: string; name: string }>
}

function readModule({ path, text }: Source, leads: (specifier: string) => string | null): Module {
  const pieces = new Map<string, string>()
  const heads = [...text.matchAll(/^(?:export )?(?:default )?(?:async )?(?:function|const|let|class) (\w+)/gm)]
  heads.forEach((head, at) => {
    pieces.set(head[1] as string, text.slice(head.index, heads[at + 1]?.index))
  })
  const imports: Module['imports'] = new Map()
  for (const { moduleRequest, entries } of parseSync(path, text).module.staticImports)
    for (const { isType, importName, localName } of entries) {
      const to = isType ? null : leads(moduleRequest.value)
      if (to) imports.set(localName.value, { to, name: importName.kind === 'Name' ? (importName.name ?? '*') : '*' })
    }
  return { client: isClient(text), pieces, imports }
}

/** One sentence for each page and namespace that a part of it asks for and nobody around it gives. */
export function ungivenWords(sources: readonly Source[], known: readonly string[]): string[] {
  const leads = new Map(importGraph(sources, known).map((edge) => [`${edge.from} ${edge.specifier}`, edge.to]))
  const modules = new Map(
    sources.map((source) => [source.path, readModule(source, (to) => leads.get(`${source.path} ${to}`) ?? null)]),
  )

  const look = (root: string) => {
    const words = { given: new Set<string>(), asked: new Map<string, string>() }
    const seen = new Set<string>()
    // What a server component asks for is there; what it imports for the browser needs to be given.
    const walk = (path: string, name: string, inBrowser: boolean): void => {
      const module = modules.get(path)
      const mark = `${path} ${name} ${inBrowser}`
      if (!module || seen.has(mark)) return
      seen.add(mark)
      const client = inBrowser || module.client
      const piece = module.pieces.get(name)
      if (piece === undefined) {
        for (const each of module.pieces.keys()) walk(path, each, client)
        return
      }
      if (client) for (const each of asked(piece)) words.asked.set(each, path)
      else for (const each of given(piece)) words.given.add(each)
      for (const used of new Set(piece.match(/\w+/g))) {
        const from = module.imports.get(used)
        if (from) walk(from.to, from.name, client)
        else if (used !== name && module.pieces.has(used)) walk(path, used, client)
      }
      for (const late of namesIn(piece, /\bimport\('([^']+)'\)/g)) {
        const to = leads.get(`${path} ${late}`)
        if (to) walk(to, '*', client)
      }
    }
    walk(root, '*', false)
    return words
  }
  const roots = [...modules.keys()].filter((path) => isRoot.test(path)).map((path) => ({ path, ...look(path) }))
  const around = (path: string) =>
    roots.filter((one) => one.path.endsWith('/layout.tsx') && path.startsWith(`${dirname(one.path)}/`))
  return roots.flatMap((root) => {
    const has = new Set([root, ...around(root.path)].flatMap((one) => [...one.given]))
    return [...root.asked].flatMap(([name, path]) =>
      has.has(name) ? [] : [`${root.path} gives no '${name}' to ${path}`],
    )
  })
}
