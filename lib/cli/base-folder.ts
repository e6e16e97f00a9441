/** Where the shipped base lies: in the checkout, though a program may run from its bundled form in .build/cli. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export function baseFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const candidates = [process.cwd(), join(here, '../..')].map((root) => join(root, 'models/base/bundle'))
  return candidates.find((folder) => existsSync(join(folder, 'manifest.json'))) ?? (candidates[0] as string)
}
