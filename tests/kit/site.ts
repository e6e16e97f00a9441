/** What the browser tests know about the installation they visit. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export const siteFile = resolve('.build/site.json')

export interface Site {
  /** Address without a trailing slash. */
  readonly site: string
  readonly desk: string
  readonly shop: string
  readonly account: string
  readonly email: string
  readonly password: string
  readonly siteKey: string
  readonly dataDir: string
}

export function readSite(): Site {
  return JSON.parse(readFileSync(siteFile, 'utf8')) as Site
}
