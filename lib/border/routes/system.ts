/** What machines ask about this installation: alive, ready, figures, and the demo shop's site key. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../core/errors'
import { checkReadiness } from '../../flows/check-readiness'
import { metricsText } from '../metrics'
import { defineRoute, Raw, Reply } from '../route'

const nothing = z.object({})
const often = { body: 0, rate: [600, 60] } as const

export const healthRoute = defineRoute({
  method: 'GET',
  path: '/api/health',
  who: 'public',
  input: nothing,
  limits: often,
  handle: () => ({ state: 'alive' }),
})

export const readyRoute = defineRoute({
  method: 'GET',
  path: '/api/ready',
  who: 'public',
  input: nothing,
  limits: often,
  handle: async (ctx) => {
    const readiness = await checkReadiness(ctx)
    return new Reply(readiness.ready ? 200 : 503, readiness)
  },
})

export const metricsRoute = defineRoute({
  method: 'GET',
  path: '/api/metrics',
  who: 'public',
  input: nothing,
  limits: often,
  handle: async () => {
    const { text, type } = await metricsText()
    return new Raw(text, type)
  },
})

/** The demo shop's page asks for its site key here; without a demo there is none. */
export const demoRoute = defineRoute({
  method: 'GET',
  path: '/demo/config.json',
  who: 'public',
  input: nothing,
  limits: often,
  handle: async (ctx) => {
    const text = await readFile(join(ctx.services.env.LINGXI_DATA_DIR, 'demo.json'), 'utf8').catch(() => null)
    const siteKey = text ? (JSON.parse(text) as { siteKey?: string }).siteKey : undefined
    if (!siteKey) throw new AppError('not_found')
    return { siteKey }
  },
})

export const systemRoutes = [healthRoute, readyRoute, metricsRoute, demoRoute]
