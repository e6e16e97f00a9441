/** Figures of this process for Prometheus. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { crossings } from '../platform/db/as-system'
import { streamCount } from './sse'

const registry = new Registry()
collectDefaultMetrics({ register: registry, prefix: 'lingxi_' })

export const requests = new Counter({
  name: 'lingxi_requests_total',
  help: 'Machine requests by route and status',
  labelNames: ['route', 'status'],
  registers: [registry],
})
export const seconds = new Histogram({
  name: 'lingxi_request_seconds',
  help: 'Time to answer a machine request',
  labelNames: ['route'],
  buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  registers: [registry],
})
new Gauge({
  name: 'lingxi_streams',
  help: 'Open event streams',
  registers: [registry],
  collect() {
    this.set(streamCount())
  },
})
new Counter({
  name: 'lingxi_as_system_total',
  help: 'Acts that crossed accounts, by reason',
  labelNames: ['reason'],
  registers: [registry],
  collect() {
    this.reset()
    for (const [reason, { times }] of crossings()) this.inc({ reason }, times)
  },
})

export const metricsText = async (): Promise<{ text: string; type: string }> => ({
  text: await registry.metrics(),
  type: registry.contentType,
})
