/** Stands where the inference server should be, and answers in every wrong way there is. */
import http, { type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Column = [name: string, value: unknown]

const well: Column[] = [
  ['intent', 'order_status'],
  ['intent_probability', 0.9],
  ['intent_in_scope', true],
  ['sentiment', 'neutral'],
  ['sentiment_probability', 0.8],
  ['sentiment_score', 0],
  ['language', 'en'],
  ['language_probability', 1],
  ['urgency', 'normal'],
  ['urgency_probability', 0.9],
]

const body = (count: number, changed: Record<string, unknown> = {}, version: unknown = 'stand-in') => ({
  model_name: 'lingxi',
  model_version: version,
  outputs: well.map(([name, value]) => ({
    name,
    data: Array.from({ length: count }, () => (name in changed ? changed[name] : value)),
  })),
})

type Fault = (count: number, response: ServerResponse) => void
const says =
  (make: (count: number) => unknown): Fault =>
  (count, response) =>
    void response.end(typeof make(count) === 'string' ? make(count) : JSON.stringify(make(count)))

/** How an answer can be wrong; `dead` is a port where nobody listens. */
export const faults = {
  well: says((n) => body(n)),
  dead: () => {},
  hung: () => {},
  'slow (5 s)': (n, response) => void setTimeout(() => response.end(JSON.stringify(body(n))), 5_000),
  'cut in the middle': (n, response) => {
    const text = JSON.stringify(body(n))
    response.setHeader('content-length', text.length)
    response.write(text.slice(0, 40), () => response.destroy())
  },
  'an error of its own': (_n, response) => void response.writeHead(500).end('{"error":"out of memory"}'),
  'not JSON': says(() => '<html>502 Bad Gateway</html>'),
  'nothing at all': says(() => 'null'),
  'NaN as it stands': says((n) => JSON.stringify(body(n)).replaceAll('0.9', 'NaN')),
  'NaN as null': says((n) => body(n, { intent_probability: null })),
  'NaN as a word': says((n) => body(n, { urgency_probability: 'NaN' })),
  'beyond one': says((n) => body(n, { sentiment_probability: 7 })),
  'too few rows': says((n) => body(n - 1)),
  'a column missing': says((n) => ({ ...body(n), outputs: body(n).outputs.slice(1) })),
  'objects for words': says((n) => body(n, { intent: { label: 'refund' } })),
  'a feeling unheard of': says((n) => body(n, { sentiment: 'purple' })),
  'signs that cannot be stored': says((n) => body(n, { intent: 'order\u0000status' })),
  'half a sign': says((n) => body(n, { language: '\ud800' })),
  'a name of a megabyte': says((n) => body(n, { intent: 'x'.repeat(1_000_000) })),
  'a version that is none': says((n) => body(n, {}, { major: 1 })),
} satisfies Record<string, Fault>

export type FaultName = keyof typeof faults

export class BrokenModel {
  fault: FaultName = 'well'
  /** Questions that arrived. */
  asked = 0
  port = 0
  readonly #server = http.createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    this.asked++
    ;(faults[this.fault] as Fault)(JSON.parse(text).inputs[0].data.length, response)
  })

  async become(fault: FaultName): Promise<void> {
    this.fault = fault
    if (fault === 'dead') await this.stop()
    else if (!this.#server.listening) await this.start()
  }

  async start(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(this.port, '127.0.0.1', done))
    this.port = (this.#server.address() as AddressInfo).port
    return this
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = new Promise((done) => this.#server.close(done))
    this.#server.closeAllConnections()
    await closed
  }
}
