/**
 * Files that were built ahead: the widget and the demo shop with the headers embedding needs, and the pages' scripts and styles.
 * They are held in memory, packed once as small as gzip goes; Next packs a script anew for every browser that asks.
 */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'
import { gzipSync } from 'node:zlib'
import { publicUrl } from '../core/env'
import { AppError } from '../core/errors'
import { closestLocale } from '../core/locale'
import { readSiteKey } from '../core/site-key'
import { inboxOf } from '../features/inboxes/read'
import type { Services } from '../platform/context'
import { makeCtx } from './caller'
import { common, framePolicy } from './page-headers'

interface Held {
  plain: Buffer
  /** Absent where packing saves nothing. */
  zipped: Buffer | undefined
  etag: string
  type: string
  stamp: number
}

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

const forever = 'public, max-age=31536000, immutable'

const held = new Map<string, Held>()

/**
 * Tells Chromium to compile all of a page's script while it arrives, off the main thread, instead of function by function when each
 * is first called: a third of the inbox's script time. Others read a comment.
 */
const compileAhead = Buffer.from('//# allFunctionsCalledOnLoad\n')

async function load(root: string, path: string, ahead = false): Promise<Held | null> {
  const full = normalize(join(root, path))
  if (!full.startsWith(root + sep)) return null
  const info = await stat(full).catch(() => null)
  const type = types[extname(full)]
  if (!info?.isFile() || !type) return null
  const known = held.get(full)
  if (known && known.stamp === info.mtimeMs) return known
  const bytes = await readFile(full)
  const plain = ahead && extname(full) === '.js' ? Buffer.concat([compileAhead, bytes]) : bytes
  const zipped = gzipSync(plain, { level: 9 })
  const made = {
    plain,
    zipped: zipped.length < plain.length ? zipped : undefined,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    type,
    stamp: info.mtimeMs,
  }
  held.set(full, made)
  return made
}

function send(request: IncomingMessage, response: ServerResponse, file: Held, cache: string): void {
  response.setHeader('etag', file.etag)
  response.setHeader('cache-control', cache)
  response.setHeader('vary', 'accept-encoding')
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304)
    return void response.end()
  }
  response.setHeader('content-type', file.type)
  const zipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')) ? file.zipped : undefined
  if (zipped) response.setHeader('content-encoding', 'gzip')
  const bytes = zipped ?? file.plain
  response.setHeader('content-length', bytes.length)
  response.writeHead(200)
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

/** Origins that may hold the frame of a site key. An unknown key lets every page: its frame says in words that there is no chat. */
async function embedders(services: Services, siteKey: string): Promise<string[]> {
  const accountId = readSiteKey(siteKey)
  if (!accountId) return []
  try {
    const ctx = makeCtx(services, { kind: 'system', reason: 'widget frame' }, accountId, 'en')
    return (await inboxOf(ctx, siteKey)).allowedOrigins
  } catch (error) {
    if (error instanceof AppError && error.code === 'unknown_site_key') return []
    throw error
  }
}

const builtPath = '/_next/static/'

/**
 * Answers paths of the widget, the demo and the pages' build; false when the path is somebody else's.
 * @param builtDir the build's files, whose names change with what is in them; null while they are made on demand
 */
export function serveFiles(services: Services, publicDir: string, builtDir: string | null) {
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: URLSearchParams,
  ): Promise<boolean> => {
    if (builtDir && path.startsWith(builtPath)) {
      const file = await load(builtDir, path.slice(builtPath.length), true)
      if (!file) return false
      common(response)
      send(request, response, file, forever)
      return true
    }
    if (path !== '/widget.js' && !path.startsWith('/widget/') && !path.startsWith('/demo/')) return false
    common(response)
    if (path === '/widget/frame') {
      const siteKey = query.get('key') ?? ''
      const locale = closestLocale(query.get('lang'))
      const file = await load(publicDir, `widget/frame.${locale}.html`)
      const policies = await load(publicDir, 'widget/policies.json')
      if (!file || !policies) throw new AppError('not_found')
      const built = JSON.parse(policies.plain.toString()) as Record<string, string>
      response.setHeader(
        'content-security-policy',
        framePolicy(built[locale] ?? '', await embedders(services, siteKey), [
          request.headers.host ?? '',
          new URL(publicUrl(services.env)).host,
        ]),
      )
      send(request, response, file, 'no-cache')
      return true
    }
    const name = path === '/demo/shop' || path === '/demo/' ? '/demo/shop.html' : path
    const file = await load(publicDir, name)
    if (!file) throw new AppError('not_found')
    if (name.startsWith('/widget')) {
      response.setHeader('access-control-allow-origin', '*')
      response.setHeader('cross-origin-resource-policy', 'cross-origin')
    }
    // These two are asked for with a digest of their text behind the name.
    const named = (path === '/widget/panel.js' || path === '/widget/more.js') && query.size > 0
    const cache = path === '/widget.js' ? 'public, max-age=300' : named ? forever : 'no-cache'
    send(request, response, file, cache)
    return true
  }
}
