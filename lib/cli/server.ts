/**
 * The process that listens: answers machine routes, streams and the widget's files itself and hands pages to Next.
 * A Next route handler costs 25–50 times the CPU of a plain one, and an event stream four times the memory.
 */
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { addressHeader, addressOf } from '../border/caller'
import { serveFiles } from '../border/files'
import { guardPage } from '../border/page-headers'
import { known } from '../border/problem'
import { routes } from '../border/routes'
import { sendProblem, serveRoutes } from '../border/serve'
import { closeStreams } from '../border/sse'
import { AppError } from '../core/errors'
import { closestLocale } from '../core/locale'
import { services } from '../start'

/** Requests that are being answered get this long to finish when the process is asked to stop, milliseconds. */
const drain = 5_000
/**
 * So long a stopping server still listens and answers 503 with "connection: close", milliseconds: a connection that were closed
 * at once could have a request on its way, which would then be cut off instead of answered.
 */
const farewell = 500
/**
 * Connections that wait to be taken. Beyond Node's 511 the kernel drops a knock, and who knocked tries again only after one second,
 * then three: a thousand visitors at once would wait that long for a server that answers each within milliseconds. (Linux allows 4,096.)
 */
const mostKnocking = 4_096

async function main(): Promise<void> {
  const started = services()
  started.pages.ready = false
  const { env, log } = started
  const root = process.cwd()
  const api = serveRoutes(started, routes)
  const files = serveFiles(started, join(root, 'public'), env.LINGXI_DEV ? null : join(root, '.next/static'))
  let close = async () => {}
  let pages: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | null = null
  let stopping = false

  const server = http.createServer({ connectionsCheckingInterval: 5_000 }, (request, response) => {
    void answer(request, response).catch((error) => {
      sendProblem(response, known(error, log), closestLocale(request.headers['accept-language']))
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (stopping) {
      response.setHeader('connection', 'close')
      throw new AppError('shutting_down')
    }
    const target = request.url ?? '/'
    const mark = target.indexOf('?')
    const path = mark < 0 ? target : target.slice(0, mark)
    const query = () => new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1))
    if ((path === '/api' || path.startsWith('/api/')) && !path.startsWith('/api/auth/'))
      return api(request, response, path, query())
    if (path === '/demo/config.json') return api(request, response, path, query())
    if (await files(request, response, path, query())) return
    if (!pages) throw new AppError('shutting_down', { retryAfter: 2 })
    request.headers[addressHeader] = addressOf(request, started)
    guardPage(request, response, env.LINGXI_DEV)
    return pages(request, response)
  }

  // Slow clients: a request's head and body must arrive within these times; streams answer, so they are not requests.
  server.headersTimeout = 10_000
  // Bodies are held to less by border/body, files to 120 s.
  server.requestTimeout = 150_000
  server.keepAliveTimeout = 65_000
  server.maxHeadersCount = 100

  const stop = async () => {
    if (stopping) return
    stopping = true
    const force = setTimeout(() => server.closeAllConnections(), drain)
    closeStreams()
    if (!env.LINGXI_DEV) await new Promise((resolve) => setTimeout(resolve, farewell))
    await new Promise<void>((resolve) => server.close(() => resolve()))
    clearTimeout(force)
    await Promise.race([
      Promise.allSettled([close(), started.close()]),
      new Promise((resolve) => setTimeout(resolve, 1_500)),
    ])
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    const [port, host] = [env.LINGXI_PORT, env.LINGXI_HOST]
    server.listen({ port, host, backlog: mostKnocking }, resolve)
  })
  // Visitors are answered from here on; pages follow, since Next takes a third of a start.
  const { default: next } = await import('next')
  const app = next({ dev: env.LINGXI_DEV, dir: root, hostname: env.LINGXI_HOST, port: env.LINGXI_PORT })
  await app.prepare()
  close = () => app.close()
  pages = app.getRequestHandler()
  started.pages.ready = true
  if (env.LINGXI_DEV) server.on('upgrade', app.getUpgradeHandler())
  log.info({ port: env.LINGXI_PORT }, 'listening')
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  process.exit(1)
})
