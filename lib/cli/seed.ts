/** The program that makes the demo account; it writes where to sign in into demo.json in the data folder, for its owner only. */
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Random } from '../../models/train/random'
import { publicUrl } from '../core/env'
import { newId } from '../core/ids'
import { seedDemo } from '../flows/seed-demo'
import { createServices } from '../start'

/** The same number tells the same story. */
const story = 20_260_101

async function main(): Promise<void> {
  const services = createServices('seed')
  const began = Date.now()
  const chance = new Random(story)
  const now = new Date()
  const say = (line: string) => services.log.info(line)
  try {
    const ctx = {
      services,
      actor: { kind: 'system', reason: 'demo' } as const,
      accountId: '',
      locale: 'en' as const,
      now: () => now,
      newId,
      random: () => chance.float(),
    }
    const demo = await seedDemo(ctx, say)
    const site = publicUrl(services.env)
    const file = join(services.env.LINGXI_DATA_DIR, 'demo.json')
    const content = { ...demo, site, desk: `${site}/${demo.account}/inbox`, shop: `${site}/demo/shop` }
    // Whole or not at all: its being there says that the demo is complete.
    await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true })
    await rename(`${file}.new`, file)
    say(`the demo is there after ${Math.round((Date.now() - began) / 1_000)} s`)
  } finally {
    await services.close()
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
    process.exit(1)
  },
)
