/** Acts across accounts: each is counted by its reason, and the log names the reason without repeating itself each second. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { metricsText } from '@/lib/border/metrics'
import { asSystem } from '@/lib/platform/db/as-system'
import { createKit, type Kit } from '../identity/kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.close())

test('three acts for one reason are one line of the log and three in the figures; another reason has a line of its own', async () => {
  const lines: unknown[] = []
  const log = { info: (facts: object, said: string) => void lines.push([said, facts]) }
  const services = { ...kit.services, log: log as never }
  const look = (reason: string) => asSystem(services, reason, (tx) => tx.$queryRaw`SELECT 1`)
  for (let n = 0; n < 3; n++) await look('a look by a test')
  await look('another look by a test')
  expect(lines).toEqual([
    ['as system', { reason: 'a look by a test', times: 1 }],
    ['as system', { reason: 'another look by a test', times: 1 }],
  ])
  expect((await metricsText()).text).toContain('lingxi_as_system_total{reason="a look by a test"} 3\n')
})
