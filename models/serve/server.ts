/** A small HTTP server that speaks the Open Inference Protocol v2 for our own bundles. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { BundleError } from '../bundle/error'
import { Batcher } from './batcher'
import type { Bundles } from './bundles'
import { classify, type Labels } from './classify'
import { MODEL_NAME, ProtocolError, readExplain, readInfer, readModelPath, writeInfer, writeMetadata } from './protocol'
import { Whys } from './whys'

/** Holds 256 messages of the longest kind. */
const BODY_LIMIT = 8 * 1024 * 1024
const BATCHERS = 512

interface Answered {
  labels: Labels
  modelVersion: string
}

class TooLarge extends Error {}

export class InferenceServer {
  readonly http: Server
  private readonly batchers = new Map<string, Batcher<Answered>>()
  private readonly whys = new Whys()
  private readonly counts = { texts: 0, requests: 0, refused: 0 }

  constructor(private readonly bundles: Bundles) {
    this.http = createServer((request, response) => void this.handle(request, response))
    this.http.keepAliveTimeout = 65_000
  }

  listen(port: number, host = '127.0.0.1'): Promise<number> {
    return new Promise((resolve, reject) => {
      this.http.once('error', reject)
      this.http.listen(port, host, () => resolve((this.http.address() as { port: number }).port))
    })
  }

  /** Answers what is under way, then ends. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.http.close(() => resolve())
      this.http.closeIdleConnections()
    })
    await this.bundles.close()
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const path = (request.url ?? '/').split('?', 1)[0] as string
      const asked = readModelPath(path)
      const unknown = asked && this.unknown(asked)
      if (unknown) send(response, 404, { error: unknown })
      else if (request.method === 'POST' && asked?.verb === 'infer') await this.infer(request, response)
      else if (request.method === 'POST' && asked?.verb === 'explain') await this.explain(request, response)
      else if (request.method === 'GET' || request.method === 'HEAD') this.tell(path, response)
      else send(response, 405, { error: `${request.method} is not spoken here` })
    } catch (error) {
      this.counts.refused++
      refuse(response, error)
    }
  }

  private async infer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { bundle, texts, ...rest } = readInfer(parse(await readBody(request)))
    this.counts.requests++
    this.counts.texts += texts.length
    const batcher = this.batcher(bundle)
    const answered = await Promise.all(texts.map((text) => batcher.ask(text)))
    // An empty request is legal: it asks for nothing and gets empty columns.
    const version = answered[0]?.modelVersion ?? this.bundles.base.modelVersion
    const labels = answered.map((one) => one.labels)
    send(response, 200, writeInfer(labels, version, rest))
  }

  private async explain(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = readExplain(parse(await readBody(request)))
    send(response, 200, await this.bundles.use(asked.bundle, (opened) => this.whys.explain(opened, asked)))
  }

  private batcher(bundle: string): Batcher<Answered> {
    let batcher = this.batchers.get(bundle)
    if (!batcher) {
      batcher = new Batcher((texts) =>
        this.bundles.use(bundle, async (opened) => {
          const labels = await classify(opened, texts)
          const modelVersion = opened[0]?.modelVersion ?? ''
          return labels.map((label) => ({ labels: label, modelVersion }))
        }),
      )
      if (this.batchers.size >= BATCHERS) this.batchers.delete(this.batchers.keys().next().value as string)
      this.batchers.set(bundle, batcher)
    }
    return batcher
  }

  /** Which model or version is not here, as a sentence. */
  private unknown({ model, version }: { model: string; version?: string }): string | undefined {
    if (model !== MODEL_NAME) return `there is no model "${model}" here; it is called "${MODEL_NAME}"`
    const known = !version || this.bundles.loaded().some(({ modelVersion }) => modelVersion === version)
    return known ? undefined : `version "${version}" is not loaded`
  }

  private tell(path: string, response: ServerResponse): void {
    const body = this.about(path)
    send(response, body ? 200 : 404, body ?? { error: `there is nothing at ${path}` })
  }

  private about(path: string): object | undefined {
    const asked = readModelPath(path)
    if (asked?.verb === 'ready') return { name: MODEL_NAME, ...this.state() }
    if (asked?.verb === '') return writeMetadata(this.bundles.loaded().map(({ modelVersion }) => modelVersion))
    if (path === '/v2') return { name: 'lingxi-inference', version: '1', extensions: ['explain'] }
    if (path === '/v2/health/live') return { live: true }
    return path === '/v2/health/ready' ? this.state() : undefined
  }

  private state(): object {
    const refused = [...this.bundles.refusals].map(([id, { code, message }]) => [id, { code, message }])
    return {
      ready: true,
      provider: this.bundles.base.provider,
      bundles: this.bundles.loaded(),
      refused: Object.fromEntries(refused),
      counts: this.counts,
    }
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > BODY_LIMIT) throw new TooLarge()
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > BODY_LIMIT) throw new TooLarge()
    parts.push(part)
  }
  return (parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)).toString('utf8')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ProtocolError('the body is not JSON')
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  if (error instanceof ProtocolError) {
    send(response, 400, { error: error.message, code: 'invalid_request' })
  } else if (error instanceof TooLarge) {
    response.setHeader('connection', 'close')
    send(response, 413, { error: `a body may have at most ${BODY_LIMIT} bytes`, code: 'body_too_large' })
  } else if (error instanceof BundleError) {
    send(response, error.code === 'missing' ? 404 : 422, { error: error.message, code: `bundle_${error.code}` })
  } else {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    send(response, 500, { error: 'the model failed; the reason is in the log', code: 'internal' })
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent || response.destroyed) return
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}
