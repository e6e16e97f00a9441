/** The two pages of Stripe that people see: Checkout, and the portal where a plan is ended. Plain forms. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StripeWorld } from './world'

const safe = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
const page = (title: string, forms: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><body><h1>${title}</h1>${forms}</body></html>`
const form = (action: string, label: string): string =>
  `<form method="post" action="${safe(action)}"><button>${label}</button></form>`

export function pages(world: StripeWorld, request: IncomingMessage, response: ServerResponse, url: URL): void {
  const [, kind, id = '', act] = url.pathname.split('/')
  const show = (html: string) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html)
  const goTo = (address: string) => response.writeHead(303, { location: address }).end()
  request.resume()
  if (kind === 'pay') {
    const session = world.sessions.get(id)
    if (!session) return void response.writeHead(404).end()
    if (request.method === 'POST') {
      world.complete(id)
      return void goTo(session.success_url)
    }
    const back = session.cancel_url ? `<a href="${safe(session.cancel_url)}">Back</a>` : ''
    return void show(page('Checkout', `${form(`/pay/${id}`, 'Subscribe')}${back}`))
  }
  if (kind === 'portal') {
    const back = url.searchParams.get('back') ?? ''
    if (act === 'cancel') {
      for (const subscription of world.of(world.subscriptions, id)) {
        if (subscription.status === 'canceled') continue
        subscription.cancel_at_period_end = true
        world.update(subscription)
      }
      return void goTo(back)
    }
    const cancel = form(`/portal/${id}/cancel?back=${encodeURIComponent(back)}`, 'Cancel plan')
    return void show(page('Portal', `${cancel}<a href="${safe(back)}">Return</a>`))
  }
  response.writeHead(404).end()
}
