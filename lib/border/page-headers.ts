/** Response headers of pages: a strict nonce policy, no framing but where the widget needs it. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '../core/errors'

/**
 * Lets a request through to the pages and sets the policy of one. Next reads the nonce from the request's own policy header and puts it on its scripts.
 * Styles may be inline: positioned menus write style attributes.
 *
 * @throws method_not_allowed
 */
export function guardPage(request: IncomingMessage, response: ServerResponse, dev: boolean): void {
  const nonce = randomBytes(16).toString('base64')
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${dev ? ' ws:' : ''}`,
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
  // Pages are read. A post would be an action of Next, of which there are none, and its refusal repeats what was sent.
  const reads = request.method === 'GET' || request.method === 'HEAD'
  if (!reads && !dev && !request.url?.startsWith('/api/auth/')) throw new AppError('method_not_allowed')
  // What a caller says here would otherwise steer Next.
  for (const header of [
    'next-action',
    'x-nonce',
    'x-middleware-subrequest',
    'x-middleware-rewrite',
    'x-middleware-next',
  ])
    delete request.headers[header]
  request.headers['content-security-policy'] = policy
  request.headers['x-nonce'] = nonce
  response.setHeader('content-security-policy', policy)
  common(response)
}

/** Headers every answer gets. */
export function common(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('referrer-policy', 'strict-origin-when-cross-origin')
  response.setHeader('cross-origin-opener-policy', 'same-origin')
}

/** A name and perhaps a port, nothing that could end a policy's part and begin another. */
const plainHost = /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i

/**
 * The policy of the widget's frame: what the build allows (the two texts inside it, one file of these hosts), and only pages of
 * the inbox's origins may hold it. An empty list lets every page.
 * @param hosts under which this server is reached: what the request says, and what the settings say
 */
export function framePolicy(built: string, allowedOrigins: readonly string[], hosts: readonly string[] = []): string {
  const ancestors = allowedOrigins.length ? `'self' ${allowedOrigins.join(' ')}` : '*'
  const known = [...new Set(hosts.filter((host) => plainHost.test(host)))]
  const policy = built.replace(/{host}([^\s;]+)/g, (_, path: string) => known.map((host) => host + path).join(' '))
  return `${policy || "default-src 'none'"}; frame-ancestors ${ancestors}`
}
