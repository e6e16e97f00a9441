/** The part of the graph that reads signs in order: gather each place's rows → add them along the windows → the most of all windows. */
import type { Model } from '../model'
import type { Path } from '../train/path'
import { columnsOf, firstPlace, placesOf, type Windows } from '../train/windows'
import type { GraphBuilder } from './graph-builder'
import { quantise } from './quantise'

/** Adds the input `signs` where a path reads signs, and gives each such path what its units reach, its bias added. */
export function addWindows(graph: GraphBuilder, { heads, vocabulary }: Model, sums: Map<Path, string>): void {
  const all = heads.flatMap(({ name, paths }) =>
    paths.flatMap(({ path }, at) => (path.windows ? [{ path, windows: path.windows, name: `${name}_${at}` }] : [])),
  )
  if (!vocabulary.signs) return
  graph.input('signs', 'int32', ['batch', 'places'])
  // Windows reach over both ends: there is padding, whose rows are nothing.
  const over = Math.max(0, ...all.map(({ windows }) => windows - 1))
  const padded = graph.node('Pad', ['signs', graph.integers('signs_over', [0, over, 0, over])])
  const axis = graph.integers('signs_axis', [1])
  for (const { path, windows, name } of all) {
    const of = { windows, hidden: path.hidden }
    const table = unpacked(graph, name, path, of, vocabulary.signRows)
    const tops: string[] = []
    for (let width = 1; width <= windows; width++) {
      let line = ''
      for (let place = 0; place < width; place++) {
        // The windows begin width − 1 signs before the text; at this place of them stand the signs from here on.
        const bounds = [over - width + 1 + place, -(over - place) || END].map((at, side) =>
          graph.integers(`${name}_${width}_${place}_${side}`, [at]),
        )
        const seen = graph.node('Slice', [padded, ...bounds, axis])
        const own = graph.integers(`${name}_${width}_${place}`, [firstPlace(width) + place])
        const rows = graph.node('Squeeze', [graph.node('Gather', [table, own], { axis: 1 }), axis])
        const gathered = graph.node('Gather', [rows, seen], { axis: 0 })
        line = line ? graph.node('Add', [line, gathered]) : gathered
      }
      tops.push(graph.node('ReduceMax', [line], { axes: [1], keepdims: 0 }))
    }
    const most = graph.node('Relu', [tops.length === 1 ? (tops[0] as string) : graph.node('Concat', tops, { axis: 1 })])
    sums.set(path, graph.node('Add', [most, graph.weights(`${name}_signs_bias`, path.bias, [path.hidden])]))
  }
}

/** To the very end of an axis. */
const END = Number.MAX_SAFE_INTEGER

/** signs × places × columns, with a scale for each place of each sign. Its inputs are constant: the runtime unpacks it while loading. */
function unpacked(graph: GraphBuilder, name: string, path: Path, of: Windows, rows: number): string {
  const [columns, places] = [columnsOf(of), placesOf(of)]
  const { values, scales } = quantise(path.table, columns)
  const whole = graph.node('Cast', [graph.weights(`${name}_signs`, values, [rows, places, columns])], { to: 1 })
  return graph.node('Mul', [whole, graph.weights(`${name}_signs_scale`, scales, [rows, places, 1])])
}
